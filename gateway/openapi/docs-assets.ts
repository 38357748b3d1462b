import { readFile } from 'node:fs/promises'
import type { Handler } from 'hono'
import { ProblemError } from '../../backbone/problem.ts'
import { scalarBundle } from './scalar-bundle.ts'

interface Asset {
  type: string
  read: () => Promise<string>
}

const fileBeside = (name: string) => () => readFile(new URL(`docs/${name}`, import.meta.url), 'utf8')

/**
 * The files that the page /docs loads. They are read on demand, because most gateways never serve the page.
 */
const assets = new Map<string, Asset>([
  ['scalar.js', { type: 'text/javascript', read: scalarBundle }],
  ['style-nonce.js', { type: 'text/javascript', read: fileBeside('style-nonce.js') }],
  ['start.js', { type: 'text/javascript', read: fileBeside('start.js') }],
  ['theme.css', { type: 'text/css', read: fileBeside('theme.css') }],
])

export const docsAsset: Handler = async (context) => {
  const asset = assets.get(context.req.param('asset') ?? '')
  if (asset === undefined) throw new ProblemError('not-found')
  return context.body(await asset.read(), 200, {
    'content-type': `${asset.type}; charset=utf-8`,
    'cache-control': 'max-age=3600',
  })
}

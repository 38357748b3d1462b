import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Context, Handler, Hono, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { buildScript } from './script-bundle.ts'

const compressors = { br: promisify(brotliCompress), gzip: promisify(gzip) }

interface Asset {
  body: Uint8Array<ArrayBuffer>
  encoded: Record<keyof typeof compressors, Uint8Array<ArrayBuffer>>
  etag: string
}

interface AssetOptions {
  type: string
  make: () => Promise<string>
  log: Logger
}

interface AssetRoutesOptions {
  /** Address of the folder. */
  folder: string
  /** By file name: the module that each script is built from. `script.js` is the one of all pages. */
  scripts: Readonly<Record<string, URL>>
  style: () => Promise<string>
  ofAddress: MiddlewareHandler<AccessEnv>
  log: Logger
}

const readOnly = otherMethods('GET', 'HEAD')
const COMMON = ['../../node_modules/uplot/dist/uPlot.min.css', 'style/base.css']

/** What all pages share, and then these files, as one style sheet. */
export async function readStyle(parts: readonly URL[]): Promise<string> {
  const files = [...COMMON.map((path) => new URL(path, import.meta.url)), ...parts]
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n')
}

/** The scripts and the style sheet of a site. They need no credential: the form to log in uses them, too. */
export function assetRoutes<AppEnv extends AccessEnv>(
  app: Hono<AppEnv>,
  { folder, scripts, style, ofAddress, log }: AssetRoutesOptions,
): void {
  const assets = [
    ...Object.entries(scripts).map(
      ([file, entry]) => [file, 'text/javascript', () => buildScript(entry)] as const,
    ),
    ['style.css', 'text/css', style] as const,
  ]
  for (const [file, type, make] of assets) {
    const path = `${folder}/${file}`
    const serve = serveAsset({ type, make, log })
    app.get(path, ofAddress as MiddlewareHandler, serve)
    app.all(path, readOnly)
  }
}

/**
 * Serves a file that is made at the first request and kept. Requests that arrive meanwhile wait for the same one; a
 * failure is answered and not kept.
 */
export function serveAsset({ type, make, log }: AssetOptions): Handler {
  let making: Promise<Asset> | undefined

  async function asset(path: string): Promise<Asset> {
    making ??= make().then(prepare)
    try {
      return await making
    } catch (error) {
      making = undefined
      log.error({ path, err: error }, 'A file of a page cannot be made')
      throw new ProblemError('internal', {
        detail: `${path} cannot be made: the log of the gateway says why. The next request tries again.`,
      })
    }
  }

  return async (context) => answer(context, type, await asset(context.req.path))
}

async function prepare(text: string): Promise<Asset> {
  const body = new TextEncoder().encode(text)
  const [br, gz] = await Promise.all([compressors.br(body), compressors.gzip(body)])
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  return { body, encoded: { br: new Uint8Array(br), gzip: new Uint8Array(gz) }, etag: `"${hash}"` }
}

/** `no-cache`: browsers ask each time whether it is still the same, because gateways are upgraded one by one. */
function answer(context: Context, type: string, { body, encoded, etag }: Asset): Response {
  const headers = { etag, 'cache-control': 'no-cache', vary: 'Accept-Encoding' }
  if (context.req.header('if-none-match')?.includes(etag)) return context.body(null, 304, headers)
  const accepted = context.req.header('accept-encoding') ?? ''
  const coding = (['br', 'gzip'] as const).find((name) => accepted.includes(name))
  return context.body(coding ? encoded[coding] : body, 200, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    ...(coding ? { 'content-encoding': coding } : {}),
  })
}

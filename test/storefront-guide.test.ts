import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { signToken } from '../backbone/access/signed-token.ts'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { useBrowser } from './browser-pages.ts'
import { boughtQuickly } from './sample-checkouts.ts'
import { useSystem } from './use-system.ts'

const guidePage = readFileSync(new URL('../deploy/storefront/notifications.html', import.meta.url), 'utf8')
const { openPage, servePages } = useBrowser()

const keys = createTestKeys()
const key = keys.mint('web', ['write', 'read', 'personal'])
const system = useSystem({ gateways: 1, processors: 1, settings: { API_KEYS_FILE: keys.path } })

test('the page shows existing and new notifications of its customer, with a token only', async () => {
  const gateway = system().gateways[0]?.url ?? ''
  const post = async (checkout: object) => {
    const headers = { 'content-type': 'application/json', prefer: 'wait=20', ...key.headers }
    const response = await fetch(`${gateway}/checkout`, {
      method: 'POST',
      headers,
      body: JSON.stringify(checkout),
    })
    expect(response.status).toBe(200)
  }
  await post(boughtQuickly)
  const token = await signToken(key.id, key.hash, {
    scopes: new Set(['read', 'personal'] as const),
    customer: boughtQuickly.id,
    expiresAt: Math.floor(Date.now() / 1_000) + 60,
  })
  const page = await openPage(
    servePages({ '/': guidePage, '/my-token': token }, (request) => {
      const { pathname, search } = new URL(request.url)
      return fetch(`${gateway}${pathname}${search}`, request)
    }),
  )
  const shown = () => page.$eval('pre', ({ textContent }) => textContent ?? '')
  await vi.waitFor(async () => expect(await shown()).toContain('folio es: SRZ-5509'), 10_000)
  await post({ ...boughtQuickly, folio: 'SRZ-5510', taps: 31 })
  await post({ ...boughtQuickly, id: 'b'.repeat(24), folio: 'SRZ-5511' })
  await vi.waitFor(async () => expect(await shown()).toContain('folio es: SRZ-5510'), 10_000)
  expect(await shown()).not.toContain('SRZ-5511')
  expect(await page.evaluate('document.cookie')).toBe('')
})

test('the page shows each notification once, whichever kind of frame carries the position', async () => {
  const outcome = (message: string) => JSON.stringify({ message })
  const frames = [
    'retry: 20\nid: 1\n\n',
    'event: checkpoint\nid: 2\ndata: {}\n\n',
    `event: notification\nid: 3\ndata: ${outcome('first')}\n\n`,
    ': comment\n\nid: 4\n\n',
    'event: checkpoint\nid: 5\ndata: {}\n\n',
    `event: notification\nid: 6\ndata: ${outcome('second')}\n\n`,
    'event: checkpoint\nid: 7\ndata: {}\n\n',
  ]
  const asked: (string | null)[] = []
  const page = await openPage(
    servePages({ '/': guidePage, '/my-token': 'token' }, (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/notifications') return Response.json({ items: [], next: 'now' })
      if (pathname === '/session') return new Response(null, { status: 204 })
      const lastId = request.headers.get('last-event-id')
      asked.push(lastId)
      // Each connection delivers the next events, and is cut.
      const next = frames.slice(Number(lastId), Number(lastId) + 3)
      return new Response(next.join(''), { headers: { 'content-type': 'text/event-stream' } })
    }),
  )
  await vi.waitFor(() => expect(asked).toContain('7'), 10_000)
  expect(asked.slice(0, 4)).toEqual([null, '3', '6', '7'])
  expect(await page.$eval('pre', ({ textContent }) => textContent?.match(/first|second/g))).toEqual([
    'first',
    'second',
  ])
})

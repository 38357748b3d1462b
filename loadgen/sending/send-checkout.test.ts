import { afterEach, expect, test } from 'vitest'
import { createSender } from './send-checkout.ts'

let stop: (() => Promise<void>) | undefined
afterEach(async () => await stop?.())

function start(
  answer: (request: Request) => Response | Promise<Response>,
  needsEventId = true,
  timeoutMs = 2_000,
) {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer })
  const sender = createSender({
    target: `http://127.0.0.1:${server.port}/shop`,
    credential: {},
    timeoutMs,
    needsEventId,
  })
  stop = async () => {
    sender.close()
    await server.stop(true)
  }
  return sender
}

const accepted = () => Response.json({ eventId: 'e1' }, { status: 202 })

test('it posts the body as it is, under the quoted key, to the path of the target', async () => {
  const seen: unknown[] = []
  const sender = start(async (request) => {
    const { pathname } = new URL(request.url)
    const { headers, method } = request
    const body = await request.text()
    seen.push([method, pathname, headers.get('content-type'), headers.get('idempotency-key'), body])
    return accepted()
  })
  expect(await sender.send('k-1', '{"nombre":"Ñandú"}')).toMatchObject({ outcome: 202, eventId: 'e1' })
  expect(seen).toEqual([['POST', '/shop/checkout', 'application/json', '"k-1"', '{"nombre":"Ñandú"}']])
})

test('a 202 without an event id is a malformed answer, where one is needed', async () => {
  for (const body of ['', '[]', '{"eventId":7}', '{"eventId":""}']) {
    const sender = start(() => new Response(body, { status: 202 }))
    expect(await sender.send('k', '{}'), body).toMatchObject({ outcome: 'malformed answer' })
    await stop?.()
  }
  const sender = start(() => new Response('', { status: 202 }), false)
  expect(await sender.send('k', '{}')).toMatchObject({ outcome: 202, eventId: undefined })
})

test.each([
  ['7', 7_000],
  ['0', 0],
  ['86400', 3_600_000],
  ['Wed, 25 Nov 2026 12:00:00 GMT', 0],
  ['-1', 0],
])('Retry-After: %s asks for %d ms', async (value, ms) => {
  const sender = start(() => new Response('', { status: 503, headers: { 'retry-after': value } }))
  expect(await sender.send('k', '{}')).toMatchObject({ outcome: 503, retryAfterMs: ms })
})

test('a request without an answer has its reason', async () => {
  const sender = start(() => new Promise(() => undefined), true, 100)
  expect(await sender.send('k', '{}')).toMatchObject({ outcome: 'timeout', bytesReceived: 0 })
  await stop?.()
  expect(await sender.send('k', '{}')).toMatchObject({ outcome: 'connection refused' })
})

import { afterEach, expect, test } from 'vitest'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { expectedOutcome } from './expected-outcome.ts'
import { watchNotifications } from './watch-notifications.ts'

const time = new Date().toISOString()
const outcome: Outcome = {
  eventId: 'e0',
  ...expectedOutcome(boughtQuickly),
  checkout: boughtQuickly,
  receivedAt: time,
  classifiedAt: time,
  source: { partition: 0, offset: 0 },
}
const notification = `event: notification\nid: 1\ndata: ${JSON.stringify(outcome)}\n\n`

let stop = async () => {}
afterEach(async () => await stop())

/** Every connection gets the answer that `answer` returns for its number, from 0. */
function watch(answer: (connection: number) => Response) {
  const connectedAt: number[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => answer(connectedAt.push(performance.now()) - 1),
  })
  const came: string[] = []
  const stream = watchNotifications(
    { target: `http://127.0.0.1:${server.port}`, credential: {} },
    ({ eventId }) => came.push(eventId),
  )
  stop = async () => {
    await stream.close()
    await server.stop(true)
  }
  return { stream, came, connectedAt }
}

const events = (body: string | ReadableStream<string>) =>
  new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
const until = { timeout: 10_000, interval: 5 }

/** Timers may be a millisecond early. */
function expectPauses(connectedAt: number[], pauses: number[]) {
  for (const [i, pause] of pauses.entries()) {
    expect((connectedAt[i + 1] ?? 0) - (connectedAt[i] ?? 0)).toBeGreaterThanOrEqual(pause - 2)
  }
}

test('a page is reported as not an event stream', async () => {
  const page = () => new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })
  const { stream } = watch(page)
  await expect(stream.open()).rejects.toThrow(
    'stream of notifications: the Content-Type is text/html, not that of an event stream; if the target has no stream',
  )
})

test.each([
  [200, 200],
  [0, 10],
])('a stream that ends and says retry: %i is opened again after %i ms', async (retry, pause) => {
  const { stream, connectedAt } = watch(() => events(`retry: ${retry}\nid: 0\n\n`))
  await stream.open()
  await expect.poll(() => connectedAt.length, until).toBeGreaterThanOrEqual(3)
  expectPauses(connectedAt, [pause, pause])
  expect(stream.figures().reconnects).toBeGreaterThanOrEqual(2)
})

test.each([
  ['an empty stream', () => events('')],
  ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
])('after %s, reconnects are increasingly rare', async (_, nothing) => {
  const { stream, connectedAt } = watch((n) => (n === 0 ? events('retry: 40\nid: 0\n\n') : nothing()))
  await stream.open()
  await expect.poll(() => connectedAt.length, until).toBeGreaterThanOrEqual(4)
  expectPauses(connectedAt, [40, 80, 160])
})

test('a stream without a line break is given up, and the next one is followed', async () => {
  const endless = () =>
    new ReadableStream<string>({
      start: (controller) => controller.enqueue('retry: 10\nid: 0\n\ndata: '),
      async pull(controller) {
        controller.enqueue('x'.repeat(65_536))
        await Bun.sleep(0)
      },
    })
  const { stream, came } = watch((n) => events(n === 0 ? endless() : notification))
  await stream.open()
  await expect.poll(() => came, until).toContain('e0')
  expect(stream.figures().reconnects).toBeGreaterThanOrEqual(1)
})

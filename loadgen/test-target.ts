import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type LoadFigures, loadFiguresSchema } from '../backbone/figures/member-figures.ts'
import type { Checkout } from '../backbone/records/checkout.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { expectedOutcome } from './outcomes/expected-outcome.ts'

/** Misbehaviour of the target; functions get the number of the checkout, from 0. */
export interface Misbehaviour {
  /** Called with the key of each request. */
  seen?: (key: string) => void
  /** Called with the body of each request. */
  received?: (body: string) => void
  /** Runs before anything else, for as long as it takes. */
  stall?: () => Promise<void>
  /** Answers with this status, without storing the checkout. */
  refuse?: (n: number) => number | undefined
  /** The outcomes to write to the log; by default the one correct outcome. */
  outcomes?: (outcome: Outcome, n: number) => Outcome[]
  /** The outcome is written a second time, this many ms after the first. */
  repeatAfter?: (n: number) => number | undefined
  /** The log is written before the POST is answered, not 20 ms later. */
  early?: boolean
  /** The outcome can be looked up, but is missing from the stream. */
  hide?: (n: number) => boolean
  /** Look-ups are not answered. */
  mute?: boolean
  /** A stream is cut after this many frames; reopening takes a moment. */
  cutAfter?: number
  /** Takes the reports of `--dashboard`, and answers with this status. */
  reported?: (figures: LoadFigures) => number | Promise<number>
  /** Requests without this key are answered 401. */
  key?: string
}

/** A gateway with its processors in one small server, with configurable misbehaviour. */
export function startTarget(misbehaviour: Misbehaviour = {}) {
  const {
    seen,
    received: receivedBody,
    stall,
    refuse,
    outcomes = (outcome) => [outcome],
    repeatAfter,
    early,
    hide,
    mute = false,
    cutAfter = Infinity,
    reported,
    key,
  } = misbehaviour
  const log: Outcome[] = []
  const hidden = new Set<string>()
  let received = 0
  let streams = 0

  const app = new Hono()
  app.use((c, next) =>
    key === undefined || c.req.header('authorization') === `Bearer ${key}`
      ? next()
      : Promise.resolve(c.json({ status: 401 }, 401)),
  )
  app.post('/checkout', async (c) => {
    const body = await c.req.text()
    const checkout = JSON.parse(body) as Checkout
    receivedBody?.(body)
    seen?.(c.req.header('idempotency-key') ?? '')
    await stall?.()
    const n = received++
    const status = refuse?.(n)
    if (status !== undefined) return new Response('{}', { status })

    const eventId = Bun.hash(c.req.header('idempotency-key') ?? '').toString(16)
    if (hide?.(n)) hidden.add(eventId)
    const time = new Date().toISOString()
    const right: Outcome = {
      eventId,
      ...expectedOutcome(checkout),
      checkout,
      receivedAt: time,
      classifiedAt: time,
      source: { partition: 0, offset: n },
    }
    const write = () => {
      log.push(...outcomes(right, n))
      const ms = repeatAfter?.(n)
      if (ms !== undefined) setTimeout(() => log.push(right), ms)
    }
    if (early) {
      write()
      await Bun.sleep(20)
    } else setTimeout(write, 20)
    return c.json({ eventId, status: 'accepted', partition: 0, offset: n, lane: 'purchase' }, 202)
  })

  app.post('/operations/load', async (c) => {
    const figures = loadFiguresSchema.parse(await c.req.json())
    return new Response(null, { status: (await reported?.(figures)) ?? 404 })
  })

  app.get('/checkout/:id', async (c) => {
    if (mute) await new Promise(() => {})
    const outcome = log.find(({ eventId }) => eventId === c.req.param('id'))
    return outcome ? c.json({ status: 'classified', outcome }) : c.json({ status: 404 }, 404)
  })

  app.get('/notifications/stream', (c) => {
    const again = streams++ > 0
    return streamSSE(c, async (stream) => {
      if (again) await stream.sleep(30)
      let next = Number(c.req.header('last-event-id') ?? log.length)
      let frames = 0
      await stream.write(`retry: 10\nevent: checkpoint\nid: ${next}\ndata: {}\n\n`)
      while (!stream.aborted && frames < cutAfter) {
        const outcome = log[next]
        if (!outcome) {
          await stream.sleep(2)
          continue
        }
        next++
        if (hidden.has(outcome.eventId)) continue
        frames++
        await stream.writeSSE({ event: 'notification', id: String(next), data: JSON.stringify(outcome) })
      }
    })
  })

  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: app.fetch })
  return {
    url: `http://127.0.0.1:${server.port}`,
    streams: () => streams,
    stop: () => server.stop(true),
  }
}

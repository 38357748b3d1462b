import { expect, test } from 'vitest'
import { ProblemError } from '../../backbone/problem.ts'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { createQueueTickets } from '../overload/queue-ticket.ts'
import { createPublishQueue } from './publish-queue.ts'

const BUYERS = 10_000
/** All come within a second, as when a sale opens: a hundred times as many as can be served meanwhile. */
const ARRIVE_WITHIN_MS = 1_000
const SERVED_PER_TICK = 1
const TICK_MS = 10
const QUEUE = 200
const LONG = 600_000

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`fair-queue.test.ts: TEST_SEED=${seed}`)

interface Buyer {
  number: number
  /** When it comes, or comes back, in milliseconds of the simulation. */
  at: number
  ticket: string | undefined
}

/**
 * Serves all buyers, who retry after `Retry-After`, with their queue ticket or without. Returns the order in which they
 * were served.
 */
async function simulate(keepTickets: boolean): Promise<number[]> {
  const random = createSeededRandom()
  random.seed(seed)
  let now = 1_764_504_000_000
  const start = now
  const tickets = createQueueTickets({ now: () => now })
  const queue = createPublishQueue<number, 'stored'>({ maxRecords: QUEUE, maxBytes: LONG, timeoutMs: LONG })
  const served: number[] = []
  /** By the tick that serves them first. */
  const coming: Buyer[][] = []
  const comeLater = (buyer: Buyer) => (coming[Math.ceil(buyer.at / TICK_MS)] ??= []).push(buyer)
  for (let number = 0; number < BUYERS; number++)
    comeLater({ number, at: (number * ARRIVE_WITHIN_MS) / BUYERS, ticket: undefined })

  const retryAfterMs = () => 1_000 * (1 + Math.floor(random.next() * 3)) + random.next() * 200

  function come(buyer: Buyer) {
    const holder = { owner: 'web', idempotencyKey: String(buyer.number) }
    const since = (buyer.ticket === undefined ? undefined : tickets.since(buyer.ticket, holder)) ?? now
    const refused = () => {
      const ticket = keepTickets ? tickets.issue(since, holder) : undefined
      comeLater({ number: buyer.number, at: now - start + retryAfterMs(), ticket })
    }
    try {
      queue
        .add(buyer.number, { lane: 'purchase', bytes: 1, since, isDisconnected: () => false })
        .then(() => served.push(buyer.number), refused)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      refused()
    }
  }

  for (let tick = 0; served.length < BUYERS; tick++) {
    for (const buyer of coming[tick]?.toSorted((a, b) => a.at - b.at) ?? []) come(buyer)
    for (const entry of queue.take(SERVED_PER_TICK, LONG)) entry.settle('stored')
    await Promise.resolve()
    now += TICK_MS
  }
  return served
}

/** Kendall's tau of an order against 0, 1, 2, …: 1 is the same, 0 none, -1 the reverse. */
function kendallsTau(order: readonly number[]): number {
  let concordant = 0
  for (let i = 0; i < order.length; i++) {
    for (let j = i + 1; j < order.length; j++) concordant += (order[i] ?? 0) < (order[j] ?? 0) ? 1 : -1
  }
  return concordant / ((order.length * (order.length - 1)) / 2)
}

test('10,000 retrying buyers are served in the order in which they first came', async () => {
  const order = await simulate(true)
  expect(new Set(order).size).toBe(BUYERS)
  expect(kendallsTau(order)).toBeGreaterThanOrEqual(0.9)
})

test('without queue tickets it is a lottery', async () => {
  expect(Math.abs(kendallsTau(await simulate(false)))).toBeLessThan(0.1)
})

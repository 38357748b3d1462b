import { expect, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import type { SentCheckout } from './partition-load.ts'
import { readTopic } from './read-topic.ts'
import type { TestSystem } from './test-system.ts'

type Stored = Pick<TestSystem, 'brokers' | 'topics'>

export const acceptedOf = (sent: readonly SentCheckout[]) => sent.filter(({ status }) => status === 202)

/** In the order of each partition. */
export async function storedOutcomes({ brokers, topics }: Stored): Promise<Outcome[]> {
  const records = await readTopic(brokers, topics.notifications)
  return records
    .filter(({ headers }) => !headers.includes('claim:'))
    .toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
    .map(({ value }) => JSON.parse(value) as Outcome)
}

/** Resolves once each event that was acknowledged has one outcome, and nothing else has one. */
export async function expectOneOutcomeEach(
  system: Stored,
  sent: readonly SentCheckout[],
): Promise<Outcome[]> {
  const ids = new Set(acceptedOf(sent).map(({ accepted: { eventId } }) => eventId))
  return vi.waitFor(
    async () => {
      const outcomes = await storedOutcomes(system)
      const of = outcomes.map(({ eventId }) => eventId)
      expect(new Set(of).size).toBe(of.length)
      expect(new Set(of)).toEqual(ids)
      return outcomes
    },
    { timeout: 60_000, interval: 100 },
  )
}

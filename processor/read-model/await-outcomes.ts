import type { FollowedPartitions } from './followed-partitions.ts'
import type { OutcomeStore, OutcomeWaits } from './outcome-store.ts'
import type { createWaiters } from './waiters.ts'
import type { createFileWriterThread } from './writer-client.ts'

interface WaitOptions {
  partitions: FollowedPartitions
  find: OutcomeStore['find']
  writer: Pick<ReturnType<typeof createFileWriterThread>, 'find'>
  waiters: Pick<ReturnType<typeof createWaiters>, 'until'>
}

/** Waits for appended outcomes. */
export function createOutcomeWaits({
  partitions,
  find,
  writer,
  waiters,
}: WaitOptions): OutcomeWaits & Pick<OutcomeStore, 'reached'> {
  const hasBeyond = (offsets: readonly number[]): boolean =>
    partitions.states.some(({ next }, partition) => next > (offsets[partition] ?? 0))

  return {
    hasBeyond,

    async findWithin(eventId, timeoutMs, ...signals) {
      const outcome = find(eventId)
      if (outcome || timeoutMs === 0) return outcome
      return waiters.until(() => writer.find(eventId), timeoutMs, signals)
    },

    async reached(partition, offset, timeoutMs, signal) {
      const probe = () => (partitions.state(partition).next >= offset ? true : undefined)
      return (await waiters.until(probe, timeoutMs, [signal])) ?? false
    },

    async beyond(offsets, timeoutMs, signal, customer) {
      await waiters.until(() => hasBeyond(offsets) || undefined, timeoutMs, [signal], customer)
    },
  }
}

import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import { partitionEnds } from '../../backbone/kafka/partition-ends.ts'
import { createSuspicionTimes, SAME_CLAIM_WITHIN_MS, STILL_STALE_MS } from '../follow/stale-fetches.ts'

interface StartingOffsetOptions {
  admin: KeptAdmin
  topic: string
  groupId: string
  log: Logger
}

/**
 * Where a claimed partition is consumed from: after the last record that has an outcome (`resume`). Without any outcome that
 * is the beginning, unless retention has removed (`cut`) the outcomes: then the group's committed offset is all that is known.
 * An offset past the end of DataTopic means that the topic was recreated: then it is the beginning again, but only after
 * so long that the end cannot come from a broker that was frozen. Rejects until then.
 *
 * The outcomes of a copy tell offsets of another cluster. There, until an owner on this one has decided on a record, it is the
 * first record that Kafka stored at or after `decidedUntil`.
 */
export function createStartingOffset({ admin, topic, groupId, log }: StartingOffsetOptions) {
  const suspected = createSuspicionTimes(SAME_CLAIM_WITHIN_MS)

  return async (
    partition: number,
    resume: number | undefined,
    cut: boolean,
    decidedUntil?: number,
  ): Promise<{ next: number; end: number }> => {
    const start = resume ?? (await startWithoutOutcomes(partition, cut, decidedUntil))
    const ends = await admin.use((connected) => partitionEnds(connected, topic, partition))
    const end = ends?.high ?? start
    if (start <= end) {
      suspected.end(partition)
      return { next: start, end }
    }
    if (suspected.again(partition) < STILL_STALE_MS)
      throw new Error(`${topic}/${partition} ends at ${end}, before ${start}: asking again`)
    suspected.end(partition)
    log.error(
      { partition, start, end },
      `${topic} ends before what was already classified: reading it from the beginning`,
    )
    return { next: 0, end }
  }

  async function startWithoutOutcomes(partition: number, cut: boolean, decidedUntil: number | undefined) {
    if (decidedUntil !== undefined) {
      const offsets = await admin.use((connected) => connected.fetchOffsetsAt(topic, decidedUntil))
      return offsets.get(partition) ?? 0
    }
    return cut ? committed(partition) : 0
  }

  async function committed(partition: number): Promise<number> {
    const offsets = await admin.use((connected) => connected.fetchGroupOffsets(groupId, topic))
    return Math.max(0, Number(offsets.find((entry) => entry.partition === partition)?.offset ?? 0))
  }
}

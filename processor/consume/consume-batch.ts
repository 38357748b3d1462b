import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import type { Logger } from 'pino'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { type OutcomeCommitter, splitIntoTransactions } from './commit-outcomes.ts'
import type { createLanePauses } from './lane-pauses.ts'
import type { Doubt } from './log-truncation.ts'
import { type Ownership, seek } from './ownership.ts'

interface BatchOptions {
  topic: string
  owned: ReadonlyMap<number, Ownership>
  lanes: Pick<ReturnType<typeof createLanePauses>, 'observe' | 'mustWait' | 'wait'>
  /** Called before each transaction: while its owner has some to commit, nobody else adds a partition's outcomes to the read model. */
  handOver: (partition: number) => void
  /** What became of its last transaction is unknown. */
  reclaim: (consumer: Consumer, payload: EachBatchPayload, ownership: Ownership, failure: unknown) => void
  /** A transaction was committed. */
  committed: (partition: number) => void
  log: Logger
}

// A broker that answers late may go on doing it for seconds.
const DOUBT_PAUSE_MS = 500
const REST_PER_TIME_TAKEN = 2
const LONGEST_REST_MS = 50
const WHAT_NOW: Record<Doubt['is'], string> = {
  open: 'asking for the last record again',
  same: 'no longer, reading on',
  another: 'it was recreated or cut back, reading it from its beginning',
}

/** Decides on what was fetched of a claimed partition, a transaction at a time, for as long as this member owns it. */
export function createBatchConsumer(options: BatchOptions) {
  const { topic, owned, lanes, log } = options
  const commitFresh = createFreshCommitter(options)

  return (consumer: Consumer) =>
    async (payload: EachBatchPayload): Promise<void> => {
      const { batch } = payload
      const { partition } = batch
      const ownership = owned.get(partition)
      const committer = ownership?.committer
      if (!ownership || !committer || payload.isStale()) return
      const readFrom = (offset: number) => seek(consumer, topic, partition, ownership, offset)

      const doubt = ownership.check?.(batch.messages, ownership.position)
      if (doubt) {
        log[doubt.is === 'another' ? 'warn' : 'info'](
          { partition, from: doubt.from },
          `${topic} is shorter than it was: ${WHAT_NOW[doubt.is]}`,
        )
        if (doubt.is === 'another') committer.goBack(doubt.from)
        readFrom(doubt.from)
        if (doubt.is === 'open') await sleep(DOUBT_PAUSE_MS)
        return
      }

      const first = Number(batch.firstOffset())
      if (first > committer.next()) {
        if (ownership.jumpedTo !== first) {
          ownership.jumpedTo = first
          return readFrom(committer.next())
        }
        log.error(
          { partition, from: committer.next(), to: first },
          'records were removed before they were classified',
        )
      }

      ownership.end = Number(batch.highWatermark)
      lanes.observe(partition, ownership.end - committer.next())
      const fresh = batch.messages.filter(({ offset }) => Number(offset) >= committer.next())
      // Fetched from where a transaction began that was in hand when the group was joined again: it would come again and again.
      if (fresh.length === 0) return readFrom(committer.next())
      return commitFresh(consumer, payload, ownership, committer, fresh)
    }
}

/** Commits what has no decision yet, and rests when nothing is left. */
const createFreshCommitter =
  ({ owned, lanes, handOver, reclaim, committed, log }: BatchOptions) =>
  async (
    consumer: Consumer,
    payload: EachBatchPayload,
    ownership: Ownership,
    committer: OutcomeCommitter,
    fresh: StoredRecord[],
  ): Promise<void> => {
    const { partition } = payload.batch
    const end = Number(payload.batch.highWatermark)
    const startedAt = performance.now()
    for (const messages of splitIntoTransactions(fresh)) {
      if (!payload.isRunning() || payload.isStale() || owned.get(partition) !== ownership) return
      if (lanes.mustWait(partition)) return lanes.wait(partition)
      try {
        ownership.idleSince = undefined
        handOver(partition)
        await committer.commit(messages)
        ownership.idleSince = performance.now()
        committed(partition)
      } catch (error) {
        log.warn({ partition, error: String(error) }, 'transaction failed, claiming the partition again')
        reclaim(consumer, payload, ownership, error)
        // The frozen one may have been the group's coordinator, too: only a consumer learns that there is another.
        return payload.heartbeat()
      }
      const last = messages.at(-1)
      if (last) payload.resolveOffset(last.offset)
      if (!payload.isStale()) ownership.position = committer.next()
      lanes.observe(partition, end - committer.next())
      await payload.heartbeat()
    }
    if (committer.next() >= end) await sleep(restAfter(performance.now() - startedAt))
  }

/**
 * How long a partition that is not behind rests after its transactions, by the time that they took, both in milliseconds.
 * A transaction costs the brokers a dozen requests whatever is in it. Without a rest each takes the few records that came
 * during the one before, and at 300 checkouts/s two cores have no time for anything else; with it a quarter of that is
 * left, and checkouts are accepted sooner. Quick transactions are followed soon, slow ones make room for the next.
 */
export function restAfter(tookMs: number): number {
  return Math.min(REST_PER_TIME_TAKEN * tookMs, LONGEST_REST_MS)
}

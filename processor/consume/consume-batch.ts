import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import type { Logger } from 'pino'
import type { Claim } from './claim-partition.ts'
import { type OutcomeCommitter, splitIntoTransactions } from './commit-outcomes.ts'
import type { createLaneWaits } from './lane-pauses.ts'
import type { createLogCheck, Doubt } from './log-truncation.ts'
import { restAfter } from './rest-after.ts'

/** What a member keeps of a partition that the group gave it. */
export interface Ownership {
  released: AbortController
  /** From where kafkajs reads on. What begins before it is a topic that was made anew, or a late answer. */
  position: number
  claim?: Claim
  committer?: OutcomeCommitter
  check?: ReturnType<typeof createLogCheck>
  jumpedTo?: number
  /** Where the partition ended when it was last fetched from. */
  end?: number
  /** When its last transaction ended; undefined while one is in hand. */
  idleSince?: number | undefined
}

interface BatchOptions {
  topic: string
  owned: ReadonlyMap<number, Ownership>
  lanes: Pick<ReturnType<typeof createLaneWaits>, 'observe' | 'mustWait' | 'wait'>
  /** Called before each transaction: while its owner has some to commit, nobody else adds a partition's outcomes to the read model. */
  handOver: (partition: number) => void
  /** What became of its last transaction is unknown. */
  claimAnew: (consumer: Consumer, payload: EachBatchPayload, ownership: Ownership, failure: unknown) => void
  /** A transaction was committed. */
  committed: (partition: number) => void
  log: Logger
}

// A broker that answers late may go on doing it for seconds.
const DOUBT_PAUSE_MS = 500
const WHAT_NOW: Record<Doubt['is'], string> = {
  open: 'asking for the last record again',
  same: 'no longer, reading on',
  another: 'it was made anew or cut back, reading it from its beginning',
}

/** Lets a consumer read a partition that it owns from there. */
export function seek(
  consumer: Consumer,
  topic: string,
  partition: number,
  ownership: Ownership,
  offset: number,
) {
  ownership.position = offset
  consumer.seek({ topic, partition, offset: String(offset) })
}

/** Decides on what was fetched of a claimed partition, a transaction at a time, for as long as this member owns it. */
export const createBatchConsumer =
  ({ topic, owned, lanes, handOver, claimAnew, committed, log }: BatchOptions) =>
  (consumer: Consumer) =>
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

    const end = Number(batch.highWatermark)
    ownership.end = end
    lanes.observe(partition, end - committer.next())
    const fresh = batch.messages.filter(({ offset }) => Number(offset) >= committer.next())
    // Fetched from where a transaction began that was in hand when the group was joined again: it would come again and again.
    if (fresh.length === 0) return readFrom(committer.next())
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
        log.warn({ partition, error: String(error) }, 'transaction failed, claiming the partition anew')
        claimAnew(consumer, payload, ownership, error)
        // Who was frozen may have been the group's coordinator, too: that there is another one is told to who consumes.
        return payload.heartbeat()
      }
      const last = messages.at(-1)
      if (last) payload.resolveOffset(last.offset)
      if (!payload.isStale()) ownership.position = committer.next()
      lanes.observe(partition, end - committer.next())
      await payload.heartbeat()
    }
    if (fresh.length > 0 && committer.next() >= end) await sleep(restAfter(performance.now() - startedAt))
  }

import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { Logger } from 'pino'
import {
  type CommitOptions,
  createOutcomeCommitter,
  type OutcomeCommitter,
  splitIntoTransactions,
} from './commit-outcomes.ts'
import { createLogCheck, type Doubt } from './doubted-log.ts'
import type { OutcomeFollower } from './follow-outcomes.ts'
import { createGroupOffsets } from './group-offsets.ts'
import { CoordinatorMovedError } from './heartbeats.ts'
import { createLaneWaits } from './lane-waits.ts'
import { type Claim, type ClaimOptions, claimPartition, disconnect } from './own-partition.ts'
import { restAfter } from './rest-after.ts'
import { patience, runConsumer } from './run-consumer.ts'
import { createAssigners } from './warm-assigner.ts'

interface ConsumeOptions {
  kafka: Kafka
  topic: string
  partitions: number
  groupId: string
  /** Partitions that are given to this member before would stand still until then. */
  begin: Promise<void>
  /** Resolves when the group has a coordinator that answers. */
  findCoordinator: (groupId: string) => Promise<unknown>
  /** Its turn to add a partition's outcomes to the view is while their owner, this member, has none to commit. */
  outcomes: Pick<OutcomeFollower, 'begin' | 'handOver' | 'end'>
  /** Longest that a partition of browsers waits while one of buyers lags. */
  longestBrowseWaitMs: number
  claims: ClaimOptions
  commits: CommitOptions
  log: Logger
}

interface Ownership {
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

// The shortest that brokers allow by default: a killed member's partitions are given away after it.
const SESSION_TIMEOUT_MS = 6_000
const TICK_MS = 1_000
const LONGEST_CLAIM_DELAY_MS = 500
const FOLLOW_WHEN_IDLE_MS = 1_000
// A broker that answers late may go on doing it for seconds.
const DOUBT_PAUSE_MS = 500
const WHAT_NOW: Record<Doubt['is'], string> = {
  open: 'asking for the last record again',
  same: 'no longer, reading on',
  another: 'it was made anew or cut back, reading it from its beginning',
}

/**
 * Consumes the partitions that the group gives this member. Each is paused until it is claimed, then read from where its
 * outcomes end, whatever the group's committed offset says; after any failure it is claimed anew.
 */
export function consumePartitions({
  kafka,
  topic,
  partitions,
  groupId,
  begin,
  findCoordinator,
  outcomes,
  longestBrowseWaitMs,
  claims,
  commits,
  log,
}: ConsumeOptions) {
  const owned = new Map<number, Ownership>()
  const lanes = createLaneWaits({
    topic,
    partitions,
    longestWaitMs: longestBrowseWaitMs,
    consumer: () => consumer.current(),
  })
  const groupOffsets = createGroupOffsets({
    topic,
    consumer: () => consumer.current(),
    next: () => new Map([...owned].map(([partition, { committer }]) => [partition, committer?.next() ?? 0])),
  })
  let joined = false

  function release(partition: number) {
    const ownership = owned.get(partition)
    owned.delete(partition)
    lanes.forget(partition)
    outcomes.end(partition)
    ownership?.released.abort()
    if (ownership?.claim) disconnect(ownership.claim.producer)
  }

  function seek(consumer: Consumer, ownership: Ownership, partition: number, offset: number) {
    ownership.position = offset
    consumer.seek({ topic, partition, offset: String(offset) })
  }

  /** `mayClaim` rejects when the group may have gone on without this member, which must then not fence the new owner. */
  async function takeOver(
    consumer: Consumer,
    partition: number,
    mayClaim: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const ownership: Ownership = { released: new AbortController(), position: 0 }
    const { signal } = ownership.released
    owned.set(partition, ownership)
    outcomes.begin(partition)
    for (let delay = 50; !signal.aborted; delay = Math.min(delay * 2, LONGEST_CLAIM_DELAY_MS)) {
      try {
        await mayClaim()
        const claim = await claimPartition(partition, claims, signal)
        if (signal.aborted) return disconnect(claim.producer)
        const committer = createOutcomeCommitter(claim, commits)
        Object.assign(ownership, { claim, committer, check: createLogCheck(committer) })
        seek(consumer, ownership, claim.partition, claim.next)
        consumer.resume([{ topic, partitions: [partition] }])
        log.info({ partition, from: claim.next }, 'partition claimed')
        return
      } catch (error) {
        if (signal.aborted) return
        log.warn({ partition, error: String(error), retryInMs: delay }, 'claim failed')
        await sleep(delay, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  function onJoin(consumer: Consumer, assigned: number[]) {
    joined = true
    log.info({ partitions: assigned }, 'assigned')
    for (const partition of owned.keys()) if (!assigned.includes(partition)) release(partition)
    for (const partition of assigned) {
      const ownership = owned.get(partition)
      if (ownership?.committer) {
        // kafkajs forgets where it was when it joins again.
        seek(consumer, ownership, partition, ownership.committer.next())
      } else {
        consumer.pause([{ topic, partitions: [partition] }])
        if (!owned.has(partition)) void takeOver(consumer, partition)
      }
    }
  }

  /**
   * Nobody else is given a member's partitions before its session is over. That it must join another coordinator it is told
   * when it consumes, for which it needs a partition that is claimed.
   */
  async function stillMember(payload: EachBatchPayload): Promise<void> {
    await payload.heartbeat().catch((error: unknown) => {
      if (!(error instanceof CoordinatorMovedError)) throw error
    })
    if (performance.now() - consumer.lastHeard() > SESSION_TIMEOUT_MS)
      throw new Error('the coordinator of the group cannot be reached')
  }

  async function settleDoubt(
    consumer: Consumer,
    ownership: Ownership,
    partition: number,
    { is, from }: Doubt,
  ): Promise<void> {
    log[is === 'another' ? 'warn' : 'info'](
      { partition, from },
      `${topic} is shorter than it was: ${WHAT_NOW[is]}`,
    )
    if (is === 'another') ownership.committer?.goBack(from)
    seek(consumer, ownership, partition, from)
    if (is === 'open') await sleep(DOUBT_PAUSE_MS)
  }

  function claimAnew(consumer: Consumer, payload: EachBatchPayload, ownership: Ownership) {
    const { partition } = payload.batch
    // Given to another member meanwhile, who must not be fenced, or being claimed anew already.
    if (owned.get(partition) !== ownership) return
    release(partition)
    // This consumer has ended: the next one claims what it is given, and must not find it taken over already.
    if (!payload.isRunning()) return
    consumer.pause([{ topic, partitions: [partition] }])
    void takeOver(consumer, partition, () => stillMember(payload))
  }

  const consume =
    (consumer: Consumer) =>
    async (payload: EachBatchPayload): Promise<void> => {
      const { batch } = payload
      const { partition } = batch
      const ownership = owned.get(partition)
      const committer = ownership?.committer
      if (!ownership || !committer || payload.isStale()) return

      const doubt = ownership.check?.(batch.messages, ownership.position)
      if (doubt) return settleDoubt(consumer, ownership, partition, doubt)

      const first = Number(batch.firstOffset())
      if (first > committer.next()) {
        if (ownership.jumpedTo !== first) {
          ownership.jumpedTo = first
          seek(consumer, ownership, partition, committer.next())
          return
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
      const startedAt = performance.now()
      for (const messages of splitIntoTransactions(fresh)) {
        if (!payload.isRunning() || payload.isStale() || owned.get(partition) !== ownership) return
        if (lanes.mustWait(partition)) return lanes.wait(partition)
        try {
          ownership.idleSince = undefined
          outcomes.handOver(partition)
          await committer.commit(messages)
          ownership.idleSince = performance.now()
        } catch (error) {
          log.warn({ partition, error: String(error) }, 'transaction failed, claiming the partition anew')
          claimAnew(consumer, payload, ownership)
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

  function releaseAll() {
    joined = false
    for (const partition of owned.keys()) release(partition)
    groupOffsets.forget()
    return Promise.resolve()
  }

  const partitionAssigners = createAssigners({
    topic,
    partitions,
    knows: () => ({
      owns: [...owned.keys()],
      followed: claims.view.partitions().map(({ next }) => next),
    }),
  })

  const consumer = runConsumer({
    create: () =>
      kafka.consumer({
        groupId,
        partitionAssigners,
        allowAutoTopicCreation: false,
        sessionTimeout: SESSION_TIMEOUT_MS,
        rebalanceTimeout: SESSION_TIMEOUT_MS,
        maxWaitTimeInMs: 250,
        maxBytesPerPartition: 1_048_576,
        ...patience,
      }),
    topic,
    partitions,
    begin,
    onJoin,
    eachBatch: consume,
    findCoordinator: () => findCoordinator(groupId),
    onEnd: releaseAll,
    log,
  })

  /** A partition in which nothing comes would not find out by itself. */
  function claimWhereLogsChanged() {
    const current = consumer.current()
    for (const [partition, { committer }] of owned) {
      if (!current || !committer || committer.holds()) continue
      log.warn({ partition }, 'the log of the outcomes was made anew, claiming the partition anew')
      release(partition)
      current.pause([{ topic, partitions: [partition] }])
      void takeOver(current, partition)
    }
  }

  /** Who commits nothing would not find out what becomes of the log. */
  function followWhereIdle() {
    const idle = performance.now() - FOLLOW_WHEN_IDLE_MS
    for (const [partition, { idleSince }] of owned) {
      if (idleSince !== undefined && idleSince < idle) outcomes.begin(partition)
    }
  }

  const timer = setInterval(() => {
    followWhereIdle()
    claimWhereLogsChanged()
    groupOffsets
      .commit()
      .catch((error: unknown) => log.debug({ error: String(error) }, 'group offsets not committed'))
  }, TICK_MS)

  return {
    /** Records of each owned partition without a decision, when it was last fetched from. */
    lags: (): ReadonlyMap<number, number> =>
      new Map(
        [...owned].map(([partition, { end = 0, committer }]) => [
          partition,
          Math.max(0, end - (committer?.next() ?? end)),
        ]),
      ),

    /** Every partition that the group gave this member is claimed. */
    settled: () => joined && [...owned.values()].every(({ committer }) => committer !== undefined),

    async stop(): Promise<void> {
      clearInterval(timer)
      lanes.stop()
      await groupOffsets.commit().catch(() => undefined)
      await consumer.stop()
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { Logger } from 'pino'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { OutcomeFollower } from '../follow/follow-outcomes.ts'
import { CoordinatorMovedError } from '../kafka/heartbeats.ts'
import { fetching, patience, runConsumer } from '../kafka/run-consumer.ts'
import { createAssigners } from '../kafka/sticky-assigner.ts'
import { type ClaimOptions, claimPartition, disconnect } from './claim-partition.ts'
import { type CommitOptions, createOutcomeCommitter } from './commit-outcomes.ts'
import { createBatchConsumer, type Ownership, seek } from './consume-batch.ts'
import { createGroupOffsets } from './group-offsets.ts'
import { createLaneWaits } from './lane-pauses.ts'
import { createLogCheck } from './log-truncation.ts'

interface ConsumeOptions {
  kafka: Kafka
  topic: string
  /** That can have outcomes: those of DataTopic that Notifications has, too. */
  partitions: number
  /** See lane-priority.ts. */
  homePartitions: number
  groupId: string
  /** Partitions that are given to this member before would stand still until then. */
  begin: Promise<void>
  /** Resolves when the group has a coordinator that answers. */
  findCoordinator: (groupId: string) => Promise<unknown>
  /** Its turn to add a partition's outcomes to the read model is while their owner, this member, has none to commit. */
  outcomes: Pick<OutcomeFollower, 'begin' | 'handOver' | 'end'>
  /** Longest that a partition of browsers waits while one of buyers lags. */
  longestBrowseWaitMs: number
  claims: ClaimOptions
  commits: CommitOptions
  refusals: {
    consuming: ClientRefusals
    /** Of what is written in a partition's name. */
    ofPartition: () => ClientRefusals
  }
  log: Logger
}

// The shortest that brokers allow by default: a killed member's partitions are given away after it.
const SESSION_TIMEOUT_MS = 6_000
const TICK_MS = 1_000
const LONGEST_CLAIM_DELAY_MS = 500
const FOLLOW_WHEN_IDLE_MS = 1_000

/**
 * Consumes the partitions that the group gives this member. Each is paused until it is claimed, then read from where its
 * outcomes end, whatever the group's committed offset says; after any failure it is claimed anew.
 */
export function consumePartitions({
  kafka,
  topic,
  partitions,
  homePartitions,
  groupId,
  begin,
  findCoordinator,
  outcomes,
  longestBrowseWaitMs,
  claims,
  commits,
  refusals,
  log,
}: ConsumeOptions) {
  const writing = Array.from({ length: partitions }, () => ({
    claim: refusals.ofPartition(),
    commit: refusals.ofPartition(),
  }))
  const owned = new Map<number, Ownership>()
  const lanes = createLaneWaits({
    topic,
    homePartitions,
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

  /**
   * `mayClaim` rejects when the group may have gone on without this member, which must then not fence the new owner;
   * `failure` is why its last transaction failed.
   */
  async function takeOver(
    consumer: Consumer,
    partition: number,
    mayClaim: () => Promise<void> = () => Promise.resolve(),
    failure?: unknown,
  ): Promise<void> {
    const ownership: Ownership = { released: new AbortController(), position: 0 }
    const { signal } = ownership.released
    owned.set(partition, ownership)
    outcomes.begin(partition)
    if (failure !== undefined) await writing[partition]?.commit.refused(failure, signal)
    for (let delay = 50; !signal.aborted; delay = Math.min(delay * 2, LONGEST_CLAIM_DELAY_MS)) {
      try {
        await mayClaim()
        const claim = await claimPartition(partition, claims, signal)
        if (signal.aborted) return disconnect(claim.producer)
        const committer = createOutcomeCommitter(claim, commits)
        Object.assign(ownership, { claim, committer, check: createLogCheck(committer), end: claim.end })
        seek(consumer, topic, partition, ownership, claim.next)
        consumer.resume([{ topic, partitions: [partition] }])
        writing[partition]?.claim.allowed()
        log.info({ partition, from: claim.next }, 'partition claimed')
        return
      } catch (error) {
        if (signal.aborted || (await writing[partition]?.claim.refused(error, signal))) continue
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
        seek(consumer, topic, partition, ownership, ownership.committer.next())
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

  function claimAnew(consumer: Consumer, payload: EachBatchPayload, ownership: Ownership, failure: unknown) {
    const { partition } = payload.batch
    // Given to another member meanwhile, who must not be fenced, or being claimed anew already.
    if (owned.get(partition) !== ownership) return
    release(partition)
    // This consumer has ended: the next one claims what it is given, and must not find it taken over already.
    if (!payload.isRunning()) return
    consumer.pause([{ topic, partitions: [partition] }])
    void takeOver(consumer, partition, () => stillMember(payload), failure)
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
      followed: claims.readModel.partitions().map(({ next }) => next),
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
        ...fetching,
        ...patience,
      }),
    topic,
    partitions,
    begin,
    onJoin,
    eachBatch: createBatchConsumer({
      topic,
      owned,
      lanes,
      handOver: outcomes.handOver,
      claimAnew,
      committed: (partition) => writing[partition]?.commit.allowed(),
      log,
    }),
    findCoordinator: () => findCoordinator(groupId),
    onEnd: releaseAll,
    refusals: refusals.consuming,
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

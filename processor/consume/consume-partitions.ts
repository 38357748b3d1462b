import type { Kafka, PartitionAssigner } from 'kafkajs'
import type { Logger } from 'pino'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { OutcomeFollower } from '../follow/follow-outcomes.ts'
import { fetching, patience, runConsumer } from '../kafka/run-consumer.ts'
import { createAssigners } from '../kafka/sticky-assigner.ts'
import { createAssignment } from './assignment.ts'
import { createClaimLoop } from './claim-loop.ts'
import type { ClaimOptions } from './claim-partition.ts'
import type { CommitOptions } from './commit-outcomes.ts'
import { createBatchConsumer } from './consume-batch.ts'
import { createGroupOffsets } from './group-offsets.ts'
import { createLanePauses } from './lane-pauses.ts'
import { createOwnershipTable, type OwnershipTable } from './ownership.ts'

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
  /** Longest that a partition of visits waits while one of purchases lags. */
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
const FOLLOW_WHEN_IDLE_MS = 1_000

/**
 * Consumes the partitions that the group gives this member. Each is paused until it is claimed, then read from where its
 * outcomes end, whatever the group's committed offset says; after any failure it is claimed again.
 */
export function consumePartitions(options: ConsumeOptions) {
  const { kafka, topic, partitions, homePartitions, groupId, outcomes, refusals, log } = options
  const current = () => consumer.current()
  const lanes = createLanePauses({
    topic,
    homePartitions,
    longestWaitMs: options.longestBrowseWaitMs,
    consumer: current,
  })
  const { table, committed, assignment } = ownPartitions({
    ...options,
    lanes,
    lastHeard: () => consumer.lastHeard(),
  })
  const groupOffsets = createGroupOffsets({ topic, consumer: current, next: table.next })
  const assigners = createAssigners({
    topic,
    partitions,
    knows: () => ({
      owns: [...table.owned.keys()],
      followed: options.claims.readModel.partitions().map(({ next }) => next),
    }),
  })
  const consumer = runConsumer({
    ...options,
    create: () => createGroupConsumer(kafka, groupId, assigners),
    onJoin: assignment.onJoin,
    eachBatch: createBatchConsumer({
      topic,
      owned: table.owned,
      lanes,
      handOver: outcomes.handOver,
      reclaim: assignment.reclaim,
      committed,
      log,
    }),
    findCoordinator: () => options.findCoordinator(groupId),
    onEnd: () => {
      assignment.releaseAll()
      groupOffsets.forget()
      return Promise.resolve()
    },
    refusals: refusals.consuming,
  })
  const timer = setInterval(() => {
    followWhereIdle(table.owned, outcomes)
    assignment.reclaimWhereLogsChanged(current())
    groupOffsets
      .commit()
      .catch((error: unknown) => log.debug({ error: String(error) }, 'group offsets not committed'))
  }, TICK_MS)

  return {
    lags: table.lags,
    settled: assignment.isClaimed,

    async stop(): Promise<void> {
      clearInterval(timer)
      lanes.stop()
      await groupOffsets.commit().catch(() => undefined)
      await consumer.stop()
    },
  }
}

interface OwnOptions extends ConsumeOptions {
  lanes: Pick<ReturnType<typeof createLanePauses>, 'forget'>
  lastHeard: () => number
}

/** Who owns what, and how it comes to own it. */
function ownPartitions({ lanes, lastHeard, outcomes, ...options }: OwnOptions) {
  const table = createOwnershipTable({
    onBegin: outcomes.begin,
    onRelease: (partition) => {
      lanes.forget(partition)
      outcomes.end(partition)
    },
  })
  const { takeOver, committed } = createClaimLoop({
    ...options,
    table,
    refusalsOfPartition: options.refusals.ofPartition,
  })
  const { topic, log } = options
  const sessionTimeoutMs = SESSION_TIMEOUT_MS
  const assignment = createAssignment({ topic, sessionTimeoutMs, table, takeOver, lastHeard, log })
  return { table, committed, assignment }
}

const createGroupConsumer = (kafka: Kafka, groupId: string, partitionAssigners: PartitionAssigner[]) =>
  kafka.consumer({
    groupId,
    partitionAssigners,
    allowAutoTopicCreation: false,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: SESSION_TIMEOUT_MS,
    ...fetching,
    ...patience,
  })

/** An owner that commits nothing would not find out what becomes of the log. */
function followWhereIdle(owned: OwnershipTable['owned'], outcomes: Pick<OutcomeFollower, 'begin'>) {
  const idle = performance.now() - FOLLOW_WHEN_IDLE_MS
  for (const [partition, { idleSince }] of owned) {
    if (idleSince !== undefined && idleSince < idle) outcomes.begin(partition)
  }
}

import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { partitionEnds } from '../../backbone/kafka/partition-ends.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { LayoutFollower } from '../../backbone/layout/follow-layout.ts'
import { homesNow } from '../../backbone/layout/homes.ts'
import type { OutcomeFollower } from '../follow/follow-outcomes.ts'
import { consumeGroup } from '../kafka/consume-group.ts'
import { createAssignment } from './assignment.ts'
import { createClaimLoop } from './claim-loop.ts'
import type { ClaimOptions } from './claim-partition.ts'
import type { FixedCommitOptions } from './commit-outcomes.ts'
import { createBatchConsumer, createEmptyBatchConsumer } from './consume-batch.ts'
import { createLayoutEntry, type EnterOptions } from './enter-layout.ts'
import { createGroupOffsets } from './group-offsets.ts'
import { createLanePauses } from './lane-pauses.ts'
import { createOwnershipTable, type OwnershipTable } from './ownership.ts'
import { switchPartitions } from './switch-partitions.ts'

interface ConsumeOptions {
  kafka: KafkaClient
  topic: string
  /** Partitions that can have outcomes: those of DataTopic that Notifications has, too. */
  partitions: number
  layout: LayoutFollower
  admin: KeptAdmin
  groupId: string
  /** Partitions that were assigned to this member before would not be processed until then. */
  begin: Promise<void>
  /** Adds a partition's outcomes to the read model while their owner, this member, has none to commit. */
  outcomes: Pick<OutcomeFollower, 'begin' | 'handOver' | 'end' | 'followOther'>
  /** A claim is renewed after this time. */
  longestClaimMs: number
  /** Longest pause of a partition of visits while one of purchases lags. */
  longestBrowseWaitMs: number
  claims: ClaimOptions
  commits: FixedCommitOptions
  layoutTopics: EnterOptions['topics']
  /** This member has claimed a partition. */
  onClaim: (partition: number) => void
  /** It no longer owns a partition that it had claimed. */
  onRelease: (partition: number) => void
  refusals: {
    consuming: ClientRefusals
    /** For the writes of one partition. */
    ofPartition: () => ClientRefusals
  }
  log: Logger
}

// The shortest that brokers allow by default: the partitions of a killed member are assigned to others after it.
const SESSION_TIMEOUT_MS = 6_000
const TICK_MS = 1_000
const FOLLOW_WHEN_IDLE_MS = 1_000

/**
 * Consumes the partitions that the group assigns to this member. Each is paused until it is claimed, then read from where its
 * outcomes end, whatever the group's committed offset is. After any failure it is claimed again.
 */
export function consumePartitions(options: ConsumeOptions) {
  const { topic, layout, outcomes, refusals, log } = options
  const current = () => consumer.current()
  const lanes = createLanePauses({
    homePartitions: () => homesNow(layout.current().homes),
    longestWaitMs: options.longestBrowseWaitMs,
    consumer: current,
  })
  const { table, committed, assignment } = ownPartitions({
    ...options,
    lanes,
    lastHeard: () => consumer.lastHeard(),
  })
  const groupOffsets = createGroupOffsets({ consumer: current, next: table.next })
  const consumer = consumeGroup({
    ...options,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    knows: () => ({
      owns: [...table.owned.keys()],
      followed: options.claims.readModel.partitions().map(({ next }) => next),
    }),
    onJoin: assignment.onJoin,
    onBatch: createBatchConsumer({
      topic,
      owned: table.owned,
      lanes,
      handOver: outcomes.handOver,
      reclaim: assignment.reclaim,
      committed,
      log,
    }),
    onEmptyBatch: createEmptyBatchConsumer(table.owned),
    onEnd: () => {
      assignment.releaseAll()
      groupOffsets.forget()
    },
    refusals: refusals.consuming,
  })
  const switching = switchPartitions({
    layout,
    admin: options.admin,
    topic,
    owned: table.owned,
    claimFor: (partition, version) => assignment.claimFor(current(), partition, version),
    log,
  })
  const timer = setInterval(() => {
    followWhereIdle(table.owned, outcomes)
    assignment.reclaimWhereLogsChanged(current())
    assignment.renewOldClaims(current())
    groupOffsets
      .commit()
      .catch((error: unknown) => log.debug({ error: String(error) }, 'group offsets not committed'))
  }, TICK_MS)

  return {
    lags: table.lags,
    claimed: table.claimed,
    settled: assignment.isClaimed,
    grow: consumer.grow,

    async stop(): Promise<void> {
      clearInterval(timer)
      lanes.stop()
      const switchingEnded = switching.stop()
      await groupOffsets.commit().catch(() => undefined)
      await consumer.stop()
      await switchingEnded
    },
  }
}

interface OwnOptions extends ConsumeOptions {
  lanes: Pick<ReturnType<typeof createLanePauses>, 'forget'>
  lastHeard: () => number
}

/** Owned partitions, how they are claimed, and when. */
function ownPartitions({ lanes, lastHeard, outcomes, ...options }: OwnOptions) {
  const table = createOwnershipTable({
    onBegin: outcomes.begin,
    onRelease: (partition, wasClaimed) => {
      lanes.forget(partition)
      outcomes.end(partition)
      if (wasClaimed) options.onRelease(partition)
    },
  })
  const enter = createLayoutEntry({
    layout: options.layout,
    topics: options.layoutTopics,
    readModel: options.claims.readModel,
    endOfLog: async (partition) => {
      const { topic: outcomesTopic } = options.claims
      const ends = await options.admin.use((connected) => partitionEnds(connected, outcomesTopic, partition))
      if (ends === undefined)
        throw new Error(`the end of partition ${partition} of the outcomes is not known yet`)
      return ends.high
    },
    follow: (partition) => outcomes.followOther(partition, () => table.owned.has(partition)),
  })
  const { takeOver, committed } = createClaimLoop({
    ...options,
    enter,
    table,
    refusalsOfPartition: options.refusals.ofPartition,
  })
  const assignment = createAssignment({
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    longestClaimMs: options.longestClaimMs,
    table,
    takeOver,
    lastHeard,
    log: options.log,
  })
  return { table, committed, assignment }
}

/** An owner that commits nothing would not notice that the log was recreated. */
function followWhereIdle(owned: OwnershipTable['owned'], outcomes: Pick<OutcomeFollower, 'begin'>) {
  const idle = performance.now() - FOLLOW_WHEN_IDLE_MS
  for (const [partition, { idleSince }] of owned) {
    if (idleSince !== undefined && idleSince < idle) outcomes.begin(partition)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { retryDelayMs } from '../../backbone/kafka/retry-delay.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import { type ClaimOptions, claimPartition, disconnect } from './claim-partition.ts'
import { type CommitOptions, createOutcomeCommitter } from './commit-outcomes.ts'
import { createLogCheck } from './log-truncation.ts'
import { type Ownership, type OwnershipTable, seek } from './ownership.ts'

interface ClaimLoopOptions {
  partitions: number
  table: Pick<OwnershipTable, 'begin'>
  claims: ClaimOptions
  commits: CommitOptions
  onClaim: (partition: number) => void
  /** For the writes of one partition. */
  refusalsOfPartition: () => ClientRefusals
  log: Logger
}

const DELAY = { firstMs: 50, longestMs: 500 }

/** Claims partitions, and tries each again until it is claimed or released. */
export function createClaimLoop({
  partitions,
  table,
  claims,
  commits,
  onClaim,
  refusalsOfPartition,
  log,
}: ClaimLoopOptions) {
  const refusals = Array.from({ length: partitions }, () => ({
    claim: refusalsOfPartition(),
    commit: refusalsOfPartition(),
  }))

  async function claim(consumer: PartitionConsumer, partition: number, ownership: Ownership): Promise<void> {
    const { signal } = ownership.released
    const claimed = await claimPartition(partition, claims, signal)
    if (signal.aborted) return disconnect(claimed.producer)
    const committer = createOutcomeCommitter(claimed, commits)
    Object.assign(ownership, {
      claim: claimed,
      claimedAt: Date.now(),
      committer,
      check: createLogCheck(committer),
      end: claimed.end,
    })
    seek(consumer, partition, ownership, claimed.next)
    consumer.resume(partition)
    refusals[partition]?.claim.allowed()
    log.info(
      { partition, from: claimed.next, ...(claimed.copied ? { copied: true } : {}) },
      'partition claimed',
    )
    onClaim(partition)
  }

  /**
   * `mayClaim` rejects when the group may have continued without this member, which must then not fence the new owner.
   * `failure` is why the partition's last transaction failed.
   */
  async function takeOver(
    consumer: PartitionConsumer,
    partition: number,
    mayClaim: () => Promise<void> = () => Promise.resolve(),
    failure?: unknown,
  ): Promise<void> {
    const ownership = table.begin(partition)
    const { signal } = ownership.released
    if (failure !== undefined) await refusals[partition]?.commit.refused(failure, signal)
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await mayClaim()
        return await claim(consumer, partition, ownership)
      } catch (error) {
        if (signal.aborted || (await refusals[partition]?.claim.refused(error, signal))) continue
        const retryInMs = retryDelayMs(failures, DELAY)
        log.warn({ partition, error: String(error), retryInMs }, 'claim failed')
        await sleep(retryInMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  return {
    takeOver,

    /** A transaction of the partition was committed. */
    committed: (partition: number): void => refusals[partition]?.commit.allowed(),
  }
}

export type ClaimLoop = ReturnType<typeof createClaimLoop>

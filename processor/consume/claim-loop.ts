import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { retryDelayMs } from '../../backbone/kafka/retry-delay.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import { type Claim, type ClaimOptions, claimPartition, disconnect } from './claim-partition.ts'
import { createOutcomeCommitter, type FixedCommitOptions } from './commit-outcomes.ts'
import type { EnterLayout } from './enter-layout.ts'
import { createLogCheck } from './log-truncation.ts'
import { type Ownership, type OwnershipTable, seek } from './ownership.ts'

interface ClaimLoopOptions {
  table: Pick<OwnershipTable, 'begin'>
  claims: ClaimOptions
  enter: EnterLayout
  commits: FixedCommitOptions
  onClaim: (partition: number) => void
  /** For the writes of one partition. */
  refusalsOfPartition: () => ClientRefusals
  log: Logger
}

interface TakeOverOptions {
  /** Rejects when the group may have continued without this member, which must then not fence the new owner. */
  mayClaim?: () => Promise<void>
  /** Why the partition's last transaction failed. */
  failure?: unknown
  /** Version of the layout that the partition is to switch to. */
  switchTo?: number
}

const DELAY = { firstMs: 50, longestMs: 500 }

/** Claims partitions, and tries each again until it is claimed or released. */
export function createClaimLoop({
  table,
  claims,
  enter,
  commits,
  onClaim,
  refusalsOfPartition,
  log,
}: ClaimLoopOptions) {
  const refusals = new Map<number, Record<'claim' | 'commit', ClientRefusals>>()

  function refusalsOf(partition: number) {
    const known = refusals.get(partition) ?? { claim: refusalsOfPartition(), commit: refusalsOfPartition() }
    refusals.set(partition, known)
    return known
  }

  async function claim(
    consumer: PartitionConsumer,
    partition: number,
    ownership: Ownership,
    switchTo: number | undefined,
  ): Promise<void> {
    const { signal } = ownership.released
    const claimed = await claimPartition(partition, claims, signal)
    const homes = await enterLayout(claimed, ownership, switchTo)
    if (signal.aborted) return disconnect(claimed.producer)
    const rules = { ...commits.rules, homes }
    const committer = createOutcomeCommitter(claimed, { ...commits, rules })
    Object.assign(ownership, {
      claim: claimed,
      isEntering: false,
      claimedAt: Date.now(),
      committer,
      check: createLogCheck(committer),
      end: claimed.end,
    })
    seek(consumer, partition, ownership, claimed.next)
    consumer.resume(partition)
    refusalsOf(partition).claim.allowed()
    log.info(
      { partition, from: claimed.next, ...(claimed.copied ? { copied: true } : {}) },
      'partition claimed',
    )
    onClaim(partition)
  }

  async function enterLayout(claimed: Claim, ownership: Ownership, switchTo: number | undefined) {
    ownership.isEntering = true
    try {
      return await enter(claimed, switchTo, ownership.released.signal)
    } catch (error) {
      ownership.isEntering = false
      disconnect(claimed.producer)
      throw error
    }
  }

  async function takeOver(
    consumer: PartitionConsumer,
    partition: number,
    { mayClaim = () => Promise.resolve(), failure, switchTo }: TakeOverOptions = {},
  ): Promise<void> {
    const ownership = table.begin(partition)
    const { signal } = ownership.released
    if (failure !== undefined) await refusalsOf(partition).commit.refused(failure, signal)
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await mayClaim()
        return await claim(consumer, partition, ownership, switchTo)
      } catch (error) {
        if (signal.aborted || (await refusalsOf(partition).claim.refused(error, signal))) continue
        const retryInMs = retryDelayMs(failures, DELAY)
        log.warn({ partition, error: String(error), retryInMs }, 'claim failed')
        await sleep(retryInMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  return {
    takeOver,

    /** A transaction of the partition was committed. */
    committed: (partition: number): void => refusalsOf(partition).commit.allowed(),
  }
}

export type ClaimLoop = ReturnType<typeof createClaimLoop>

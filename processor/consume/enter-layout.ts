import type { LayoutFollower } from '../../backbone/layout/follow-layout.ts'
import { formerHomes, type Homes } from '../../backbone/layout/homes.ts'
import { type SwitchedPartition, toLayoutMessage } from '../../backbone/layout/layout-record.ts'
import type { LayoutState } from '../../backbone/layout/layout-state.ts'
import { createSuspicionTimes, SAME_CLAIM_WITHIN_MS, STILL_STALE_MS } from '../follow/stale-fetches.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import type { PartitionState } from '../read-model/record.ts'
import { type Claim, ClaimEndedError, FOLLOW_TIMEOUT_MS } from './claim-partition.ts'
import { commitTransaction } from './commit-transaction.ts'

export interface EnterOptions {
  layout: Pick<LayoutFollower, 'current' | 'switchesTo' | 'readToEnd' | 'until'>
  topics: { DATA_TOPIC: string; LAYOUT_TOPIC: string }
  readModel: Pick<OutcomeStore, 'partition' | 'reached'>
  /** Where the log of a partition of Notifications ends. */
  endOfLog: (partition: number) => Promise<number>
  /** Follows the outcomes of a partition of another owner until the result is called. */
  follow: (partition: number) => () => void
}

/**
 * By which layout the new owner of a partition may decide, as soon as it may. `switchTo` is the version of a change if this
 * owner has classified all that was acknowledged under the layout before. See docs/explanation/partitions.md.
 */
export function createLayoutEntry({ layout, topics, readModel, endOfLog, follow }: EnterOptions) {
  const suspected = createSuspicionTimes(SAME_CLAIM_WITHIN_MS)

  async function writeSwitched({ producer, partition, offset, log }: Claim, version: number): Promise<void> {
    const { key, value } = toLayoutMessage(topics.DATA_TOPIC, {
      of: 'switched',
      version,
      partition,
      switched: { offset, log },
    })
    const batch = { topic: topics.LAYOUT_TOPIC, partition: 0, records: [{ key, value, headers: {} }] }
    await commitTransaction(producer, [batch])
  }

  /**
   * Up to where the outcomes of a former home must be known. A log that ends before was recreated, and has none from before
   * the change; but only after so long that the end cannot come from a broker that was frozen. Rejects until then.
   */
  async function barrierOf(partition: number, offset: number): Promise<number> {
    const end = await endOfLog(partition)
    if (end > offset) {
      suspected.end(partition)
      return offset + 1
    }
    if (suspected.again(partition) < STILL_STALE_MS)
      throw new Error(`Partition ${partition} of the outcomes ends at ${end}, before ${offset}: asking again`)
    return end
  }

  /** Waits for the outcomes that the owner of a former home of this partition's customers has written as such. */
  async function followFormerHome(partition: number, to: number, signal: AbortSignal): Promise<void> {
    const switched = layout.switchesTo(to).get(partition)
    if (switched === undefined || knowsUntil(readModel.partition(partition), switched)) return
    const isCopy = isCopyOf(readModel.partition(partition), switched)
    const barrier = isCopy ? await endOfLog(partition) : await barrierOf(partition, switched.offset)
    const leave = follow(partition)
    try {
      if (!(await readModel.reached(partition, barrier, FOLLOW_TIMEOUT_MS, signal)))
        throw new ClaimEndedError()
    } finally {
      leave()
    }
    const state = readModel.partition(partition)
    if (isCopyOf(state, switched) && !knowsUntil(state, switched))
      throw new Error(`The copied outcomes of partition ${partition} have no owner yet: asking again`)
  }

  return async function enter(
    claim: Claim,
    switchTo: number | undefined,
    signal: AbortSignal,
  ): Promise<Homes> {
    const { partition } = claim
    // The claim has fenced all former owners: what they have written to the log of the layout is known afterwards.
    await layout.readToEnd(signal)
    const { change } = layout.current()
    if (change?.version === switchTo && change?.begun && mayDecide(partition, layout.current())) {
      await writeSwitched(claim, change.version)
      // Kafka confirms a commit before readers see it, and the end that it then tells may be the one before.
      await layout.until(() => layout.switchesTo(change.version).has(partition), signal)
    }
    await layout.until(() => mayDecide(partition, layout.current()), signal)
    signal.throwIfAborted()
    const { homes } = layout.current()
    await Promise.all(
      formerHomes(partition, homes).map((former) =>
        followFormerHome(former.partition, former.version + 1, signal),
      ),
    )
    return homes
  }
}

/** Whether the outcomes come from another cluster, where the partition has switched: the offset is one of that cluster. */
const isCopyOf = ({ log, copied }: PartitionState, switched: SwitchedPartition): boolean =>
  copied !== undefined &&
  (log === switched.log ? copied.since === undefined : copied.former.includes(switched.log))

/** Whether everything is known that was decided before the partition has switched. Of a copy, what precedes its first claim. */
function knowsUntil(state: PartitionState, switched: SwitchedPartition): boolean {
  if (isCopyOf(state, switched)) return state.next > (state.copied?.since ?? Number.POSITIVE_INFINITY)
  return state.log === switched.log && state.next > switched.offset
}

export type EnterLayout = ReturnType<typeof createLayoutEntry>

/** While a change is under way, partitions that have switched wait until it is in force, and so do new ones. */
const mayDecide = (partition: number, { change }: LayoutState): boolean =>
  change === undefined || (partition < change.former.partitions && !change.switched.has(partition))

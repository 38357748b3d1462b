import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { errorText } from '../../backbone/kafka/error-text.ts'
import type { KafkaRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { LayoutFollower } from '../../backbone/layout/follow-layout.ts'
import { homesNow } from '../../backbone/layout/homes.ts'
import { type PlannedLayout, toLayoutMessage } from '../../backbone/layout/layout-record.ts'
import { type PartitionsState, partitionsState } from '../../backbone/layout/partitions-state.ts'
import type { SystemState } from '../../backbone/operations/system-state.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { within } from '../../backbone/process/with-timeout.ts'
import { commitTransaction } from '../consume/commit-transaction.ts'
import { createOutcomeProducer } from '../kafka/outcome-producer.ts'
import { ProducerFencedError } from '../kafka/transactional-producer.ts'
import type { OutcomeStore, PartitionOwners } from '../read-model/outcome-store.ts'
import { addPartitions, checkAddedPartitions } from './add-partitions.ts'

interface GrowOptions {
  layout: Pick<LayoutFollower, 'current' | 'readToEnd' | 'until'>
  admin: KeptAdmin
  kafka: KafkaClient
  config: { DATA_TOPIC: string; NOTIFICATIONS_TOPIC: string; LAYOUT_TOPIC: string; GROUP_ID: string }
  readModel: OutcomeStore & PartitionOwners
  refusals: Pick<KafkaRefusals, 'explain'>
  /** Undefined until it is known. */
  state: () => Pick<SystemState, 'partitions' | 'lag'> | undefined
  log: Logger
}

const MOST_LAG = 1_000
// A gateway waits for 20 s.
const WITHIN_MS = 18_000
const OWNED_WITHIN_MS = 12_000
const CHECK_MS = 50

/** Changes the number of partitions that customers are spread over. What was interrupted is continued by the same request. */
export function createPartitionGrowth(options: GrowOptions) {
  const { kafka, config, layout, admin, readModel, refusals, state, log } = options
  const { DATA_TOPIC: data, NOTIFICATIONS_TOPIC: notifications, LAYOUT_TOPIC: topic } = config
  let running: { partitions: number; done: Promise<void> } | undefined

  const batchOf = (version: number, planned: PlannedLayout) => {
    const { key, value } = toLayoutMessage(data, { of: 'layout', version, planned })
    return { topic, partition: 0, records: [{ key, value, headers: {} }] }
  }

  async function countPartitions() {
    const [ofData, ofNotifications] = await admin.use((connected) =>
      Promise.all([connected.countPartitions(data), connected.countPartitions(notifications)]),
    )
    return { data: ofData, notifications: ofNotifications }
  }

  /** Throws if the change cannot begin now. */
  function assertQuiet(former: number): void {
    const known = state()
    if (known === undefined) throw notYet('the state of the system is not known yet')
    const without = known.partitions.filter(({ partition, owner }) => partition < former && owner === null)
    if (known.partitions.length < former || without.length > 0)
      throw notYet('every partition must have an owner first')
    if (known.lag.records === null || known.lag.records > MOST_LAG)
      throw notYet(`at most ${MOST_LAG} records may wait to be classified`)
  }

  /** What to write first, for the change that is to come or was interrupted. */
  async function plan(partitions: number): Promise<PlannedLayout> {
    const { homes, change } = layout.current()
    if (change) {
      if (change.partitions === partitions) return { partitions, former: change.former, begun: false }
      throw refused(`a change to ${change.partitions} partitions is under way: repeat that one first`)
    }
    const counts = await countPartitions()
    const former = Math.min(counts.data, counts.notifications)
    if (partitions <= Math.max(homesNow(homes), counts.data, counts.notifications))
      throw refused(
        `customers are spread over ${homesNow(homes)} partitions, and ${data} has ${counts.data}: there can only be more`,
      )
    assertQuiet(former)
    // A plan is not taken back: the next request would have to ask for the same number.
    await admin.use((connected) => checkAddedPartitions(connected, config, partitions))
    return { partitions, former: { homes: homesNow(homes), partitions: former }, begun: false }
  }

  const isOwned = (partition: number) => {
    const known = readModel.partitions()[partition]
    return known !== undefined && readModel.ownerAt(partition, known.next) !== undefined
  }

  /** New partitions are claimed, although nothing is decided on there yet, so that nobody waits for their owners later. */
  async function untilOwned({ partitions, former }: PlannedLayout, signal: AbortSignal): Promise<void> {
    const isReady = () =>
      Array.from({ length: partitions - former.partitions }, (_, n) => former.partitions + n).every(isOwned)
    while (!isReady()) {
      if (signal.aborted) throw notYet('the new partitions have no owners yet')
      await sleep(CHECK_MS)
    }
    assertQuiet(former.partitions)
  }

  async function grow(partitions: number): Promise<void> {
    // Its transactional id is for changes alone: the next request fences it.
    const producer = createOutcomeProducer(kafka, `${config.GROUP_ID}-layout`)
    const signal = AbortSignal.timeout(OWNED_WITHIN_MS)
    try {
      await producer.connect()
      // From here on no other request writes, and everything is known that they have written.
      const transaction = await producer.begin()
      await layout.readToEnd(signal)
      const { homes, change } = layout.current()
      if (change ? change.begun && change.partitions === partitions : homesNow(homes) === partitions) return
      const planned = await plan(partitions)
      const version = homes.length
      if (!change) {
        // Owners will write to DataTopic what they forward: Kafka refuses the plan if they may not.
        await transaction.send([batchOf(version, planned), { topic: data, partition: 0, records: [] }])
        await transaction.commit()
      }
      await admin.use((connected) => addPartitions(connected, config, planned.partitions))
      await untilOwned(planned, signal)
      await commitTransaction(producer, [batchOf(version, { ...planned, begun: true })])
      await layout.until(
        () => layout.current().version >= version || layout.current().change?.begun === true,
        signal,
      )
      log.info({ partitions, former: planned.former }, 'Change of the layout begun')
    } finally {
      producer.disconnect().catch(() => undefined)
    }
  }

  return {
    state: (): PartitionsState => partitionsState(layout.current()),

    /** Resolves when the change has begun, or is in force. Throws `partitions-refused` or `partitions-incomplete`. */
    async grow(partitions: number): Promise<PartitionsState> {
      const { change } = layout.current()
      if (change?.begun && change.partitions !== partitions)
        throw refused(`a change to ${change.partitions} partitions is under way`)
      if (running && running.partitions !== partitions)
        throw refused(`a change to ${running.partitions} partitions is under way`)
      running ??= { partitions, done: grow(partitions) }
      const { done } = running
      try {
        await within(WITHIN_MS, done)
      } catch (error) {
        if (error instanceof ProblemError) throw error
        const refusal = refusals.explain(error, { operation: 'Write', topic })
        if (refusal !== undefined) throw refused(refusal)
        const detail =
          error instanceof ProducerFencedError
            ? 'another processor got such a request at the same time'
            : errorText(error)
        log.warn({ error: detail }, 'the change of the layout has not begun')
        throw new ProblemError('partitions-incomplete', { detail })
      } finally {
        running = undefined
      }
      return partitionsState(layout.current())
    },
  }
}

export type PartitionGrowth = ReturnType<typeof createPartitionGrowth>

const refused = (detail: string) => new ProblemError('partitions-refused', { detail })
/** The same request may succeed later. */
const notYet = (detail: string) => new ProblemError('partitions-incomplete', { detail })

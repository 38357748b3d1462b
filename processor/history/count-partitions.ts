import { setTimeout as sleep } from 'node:timers/promises'
import { parseOutcome, receiptOf } from '../read-model/encoded-outcome.ts'
import type { OutcomeBatch, OutcomeStore } from '../read-model/outcome-store.ts'
import { countOutcomes, type OutcomeCounter, type PlacedOutcome } from './count-outcomes.ts'
import { keepHistory } from './keep-history.ts'

type ReadOutcomes = Pick<OutcomeStore, 'after' | 'partition' | 'partitions'>

// About 5 ms of work in 25 ms: the first start with a full Notifications reads all of it.
const READ_AT_ONCE = 500
const PAUSE_MS = 20

/**
 * Counts the outcomes of the partitions that this member owns, as they are appended to the read model; first those that
 * no owner before has counted.
 */
export function countPartitions(dataTopic: string) {
  const counters = new Map<number, OutcomeCounter>()
  const opening = new Set<number>()
  const history = keepHistory({
    dataTopic,
    isCounted: (partition) => counters.has(partition),
    onOverwritten(partition, hour, { log, through }) {
      const counter = counters.get(partition)
      const own = history.hoursOf(partition).get(hour)
      if (own && (log !== counter?.log || through < own.through)) counter?.toWrite(hour)
    },
  })

  async function open(partition: number, readModel: ReadOutcomes, owns: () => boolean): Promise<void> {
    const { log } = readModel.partition(partition)
    const counter = countOutcomes({ partition, log, history })
    // Offsets beyond those of any log: nothing is read from other partitions.
    const offsets = readModel.partitions().map(() => Number.MAX_SAFE_INTEGER)
    for (;;) {
      offsets[partition] = counter.next()
      const page = readModel.after(offsets, { kinds: 'all' }, READ_AT_ONCE)
      const outcomes = page.records.map(placedOutcome)
      const state = readModel.partition(partition)
      if (!owns() || state.log !== log) return counter.end()
      counter.add(outcomes, page.end ? state.next : (page.next[partition] ?? 0))
      if (page.end) break
      await sleep(PAUSE_MS)
    }
    counters.set(partition, counter)
  }

  function release(partition: number): void {
    counters.get(partition)?.end()
    counters.delete(partition)
  }

  /** Called for each batch that is appended to the read model. */
  function appended(
    partition: number,
    { records, next, log }: Pick<OutcomeBatch, 'records' | 'next' | 'log'>,
  ): void {
    const counter = counters.get(partition)
    if (counter === undefined) return
    if (counter.log === log) counter.add(records, next)
    else release(partition)
  }

  return {
    history,
    counters: counters as ReadonlyMap<number, OutcomeCounter>,

    appended,

    /** Begins to count a partition that this member owns. */
    async own(partition: number, readModel: ReadOutcomes, owns: () => boolean): Promise<void> {
      if (counters.has(partition) || opening.has(partition)) return
      // Not followed yet.
      if (readModel.partition(partition).log === '') return
      opening.add(partition)
      await open(partition, readModel, owns).finally(() => opening.delete(partition))
    },

    release,
  }
}

export type CountedPartitions = ReturnType<typeof countPartitions>

function placedOutcome({
  offset,
  kind,
  classifiedAt,
  json,
}: ReturnType<ReadOutcomes['after']>['records'][number]): PlacedOutcome {
  return { offset, kind, classifiedAt, receivedAt: receiptOf(parseOutcome(json)) }
}

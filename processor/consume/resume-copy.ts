import { setImmediate } from 'node:timers/promises'
import { idWithPartition } from '../../backbone/records/event-id.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import type { WasRejectedElsewhere } from '../classify/decide-outcome.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import type { OutcomeFilter } from '../read-model/record.ts'

/** Outcomes of a partition that were decided on another cluster and copied. */
export interface CopiedOutcomes {
  /**
   * In milliseconds since the epoch: all records of DataTopic that Kafka stored before it have their outcome in the copy.
   * Undefined if the copy has no outcomes.
   */
  decidedUntil: number | undefined
  wasRejected: WasRejectedElsewhere
}

type TimesOfOutcome = Pick<Outcome, 'receivedAt' | 'classifiedAt' | 'redrive'>

// The newest ones: a few may have wrong times, because other programs set the header `received-at`.
const NEWEST = 1_000
const READ_AT_ONCE = 500
/** Clocks of gateways and brokers may differ by so much. */
export const MARGIN_MS = 10 * 60_000

/** Reads them from the read model, of a log that has its own name from offset `since` on. */
export async function readCopiedOutcomes(
  partition: number,
  since: number,
  readModel: Pick<OutcomeStore, 'before' | 'after' | 'partitions'>,
): Promise<CopiedOutcomes> {
  const decidedUntil = decidedUntilOf(await readNewest(partition, since, readModel))
  const rejected =
    decidedUntil === undefined
      ? []
      : await readRejected(partition, since, decidedUntil - MARGIN_MS, readModel)
  return { decidedUntil, wasRejected: findRejected(partition, rejected) }
}

/**
 * The record of the newest outcome was stored after its checkout was received, and all records before it in the partition
 * have their outcomes. The earliest time of several, and a margin, cover clocks that differ.
 */
export function decidedUntilOf(newest: readonly TimesOfOutcome[]): number | undefined {
  if (newest.length === 0) return undefined
  const times = newest.flatMap(({ receivedAt, classifiedAt, redrive }) => [
    // A dead letter that was sent again was received long before.
    Date.parse(redrive?.at ?? receivedAt),
    Date.parse(classifiedAt),
  ])
  return Math.max(0, Math.min(...times) - MARGIN_MS)
}

/**
 * Recognises the records of these outcomes, which are of kind `invalid`: their ids have the offsets of the other cluster. Of
 * an invalid record the id has a hash of its bytes, of a conflict the event.
 */
export function findRejected(
  partition: number,
  rejected: readonly Pick<Outcome, 'eventId' | 'receivedAt' | 'source'>[],
): WasRejectedElsewhere {
  const byReceipt = Map.groupBy(rejected, ({ receivedAt }) => Date.parse(receivedAt))
  return (receivedAt, idAt) =>
    byReceipt.get(receivedAt)?.some(({ eventId, source }) => {
      const id = idAt(source.offset)
      return eventId === id || eventId === idWithPartition(id, partition)
    }) ?? false
}

async function readNewest(
  partition: number,
  since: number,
  readModel: Pick<OutcomeStore, 'before' | 'partitions'>,
): Promise<Outcome[]> {
  // Nothing is before offset 0 in the other partitions.
  const offsets = readModel.partitions().map(() => 0)
  offsets[partition] = since
  const newest: Outcome[] = []
  for (;;) {
    const page = readModel.before(offsets, { kinds: 'all' }, NEWEST - newest.length)
    newest.push(...page.records.map(({ json }) => parseOutcome(json)))
    if (page.end || newest.length >= NEWEST) return newest
    offsets[partition] = page.next[partition] ?? 0
    await setImmediate()
  }
}

async function readRejected(
  partition: number,
  end: number,
  from: number,
  readModel: Pick<OutcomeStore, 'after' | 'partitions'>,
): Promise<Outcome[]> {
  const filter: OutcomeFilter = { kinds: new Set(['invalid']), since: from }
  // Offsets beyond those of any log: nothing is read from other partitions.
  const offsets = readModel.partitions().map(() => Number.MAX_SAFE_INTEGER)
  offsets[partition] = 0
  const rejected: Outcome[] = []
  for (;;) {
    const page = readModel.after(offsets, filter, READ_AT_ONCE)
    for (const { offset, json } of page.records) if (offset < end) rejected.push(parseOutcome(json))
    const next = page.next[partition] ?? end
    if (page.end || next >= end) return rejected
    offsets[partition] = next
    await setImmediate()
  }
}

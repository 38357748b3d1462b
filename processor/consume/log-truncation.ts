import type { StoredRecord } from '../../backbone/records/record.ts'
import { STILL_STALE_MS } from '../follow/stale-fetches.ts'

/** The fields that identify a record. */
export type DecidedRecord = Pick<StoredRecord, 'offset' | 'timestamp' | 'value'>

interface Decided {
  /** The last record that was decided on, if any was. */
  last: () => DecidedRecord | undefined
}

/** Whether this is the log that was read, or another one, or not known yet; and the offset to read on `from`. */
export interface LogFinding {
  log: 'same' | 'another' | 'unknown'
  from: number
}

/**
 * Distinguishes a stale fetch from a log that was recreated: both begin before the position of a partition. A broker
 * that was frozen, and considers itself the leader, has fewer records than the real leader: for it the position is
 * out of range, and the consumer begins at the start of the log. Deciding on everything again does no harm, but takes
 * long if the log is long.
 *
 * So the last record that was decided on is fetched again. Replicas that have a record in common have all records before it in
 * common (KIP-101): if that record is at its offset, this is the log that was read. Time shows another log: a broker that was
 * frozen does not lead for long. A missing outcome shows nothing: retention may have removed it before its record, which would
 * then be decided on twice.
 */
export function createLogCheck({ last }: Decided, now: () => number = () => performance.now()) {
  let suspected: { since: number; beginning: number } | undefined

  /** `position`: where the partition was read to. Undefined: process the records. */
  return function check(records: StoredRecord[], position: number): LogFinding | undefined {
    const [record] = records
    if (!record) return undefined
    const first = Number(record.offset)
    const decided = last()
    if (first < position) {
      suspected ??= { since: now(), beginning: first }
      if (decided && now() - suspected.since < STILL_STALE_MS)
        return { log: 'unknown', from: Number(decided.offset) }
      suspected = undefined
      return { log: 'another', from: first }
    }
    if (!suspected) return undefined
    const { beginning } = suspected
    suspected = undefined
    return decided && isSame(record, decided)
      ? { log: 'same', from: first + 1 }
      : { log: 'another', from: beginning }
  }
}

const isSame = (a: DecidedRecord, b: DecidedRecord): boolean =>
  a.offset === b.offset &&
  a.timestamp === b.timestamp &&
  (a.value === null || b.value === null ? a.value === b.value : a.value.equals(b.value))

import type { StoredRecord } from '../../backbone/records/record.ts'
import { STILL_STALE_MS } from '../follow/stale-fetches.ts'

/** What tells it from every other record. */
export type DecidedRecord = Pick<StoredRecord, 'offset' | 'timestamp' | 'value'>

interface Decided {
  /** The last record that was decided on, if any was. */
  last: () => DecidedRecord | undefined
}

/** Read from there instead: what was doubted is the log that was read, or another one, or cannot be told yet. */
export interface Doubt {
  is: 'same' | 'another' | 'open'
  from: number
}

/**
 * Tells a late answer from a log that was made anew: both begin before where a partition was read to. A broker that was
 * frozen and takes itself for the leader has less of the log than was read from the real one, says that there is no such
 * place, and kafkajs 2.2.4 begins from the start. To decide on everything again does no harm, but the partition would stand
 * still for as long as it is long.
 *
 * So the last record that was decided on is asked for again. Replicas that have a record in common have all before it in
 * common (KIP-101): where that one is at its place, it is the log that was read. Time shows another log: whoever was frozen leads
 * nothing for long. A record without an outcome shows none: retention may have cut that before the record, which would then
 * be decided on a second time.
 */
export function createLogCheck({ last }: Decided, now: () => number = () => performance.now()) {
  let doubted: { since: number; beginning: number } | undefined

  /** Of a batch, and where the partition was read to. Undefined: go on with it. */
  return function check(messages: StoredRecord[], position: number): Doubt | undefined {
    const [message] = messages
    if (!message) return undefined
    const first = Number(message.offset)
    const decided = last()
    if (first < position) {
      doubted ??= { since: now(), beginning: first }
      if (decided && now() - doubted.since < STILL_STALE_MS)
        return { is: 'open', from: Number(decided.offset) }
      doubted = undefined
      return { is: 'another', from: first }
    }
    if (!doubted) return undefined
    const { beginning } = doubted
    doubted = undefined
    return decided && isSame(message, decided)
      ? { is: 'same', from: first + 1 }
      : { is: 'another', from: beginning }
  }
}

const isSame = (a: DecidedRecord, b: DecidedRecord): boolean =>
  a.offset === b.offset &&
  a.timestamp === b.timestamp &&
  (a.value === null || b.value === null ? a.value === b.value : a.value.equals(b.value))

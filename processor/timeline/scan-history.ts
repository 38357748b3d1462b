import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import { errorText } from '../../backbone/kafka/error-text.ts'
import { partitionEnds } from '../../backbone/kafka/partition-ends.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { Incomplete, SearchedRange } from '../../backbone/timeline/timeline.ts'
import type { PartitionScanner } from '../kafka/partition-scanner.ts'

/** What DataTopic has about one event. */
export interface History {
  searched?: SearchedRange
  /** Why the record was not read, although it may be there. */
  failure?: Pick<Incomplete, 'reason' | 'detail'>
}

const kafkaUnavailable = (detail: string): History => ({
  failure: { reason: 'kafka-unavailable', detail },
})

interface Asked {
  partition: number
  /** Offset of the record that was classified. */
  offset: number
  onSource: (record: StoredRecord) => void
  /** Called for each record after it; absent: they are not read. */
  onLater?: (record: StoredRecord) => void
}

interface HistoryOptions {
  admin: KeptAdmin
  scanner: Pick<PartitionScanner, 'scan'>
  topic: string
}

// After the record, as long as others may wait.
const MOST_RECORDS = 5_000
const SEARCH_MS = 2_000

/**
 * Reads the record of an event, and the records after it: all records with one event id are in one partition. Never
 * rejects. The range that it has searched is limited.
 */
export function createHistoryScan({ admin, scanner, topic }: HistoryOptions) {
  async function endsOf(partition: number, signal: AbortSignal) {
    const late = Promise.withResolvers<never>()
    const onAbort = () => late.reject(new Error('no answer in time'))
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    try {
      const ends = await Promise.race([
        admin.use((connected) => partitionEnds(connected, topic, partition)),
        late.promise,
      ])
      return ends ?? { low: 0, high: 0 }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  return async function scanHistory(asked: Asked, signal: AbortSignal): Promise<History> {
    const { partition, offset, onSource, onLater } = asked
    if (signal.aborted)
      return {
        failure: { reason: 'too-late', detail: 'Other timelines were being read' },
      }
    let ends: { low: number; high: number }
    try {
      ends = await endsOf(partition, signal)
    } catch (error) {
      return kafkaUnavailable(`Kafka does not tell the offsets of ${topic}: ${errorText(error)}`)
    }
    // A topic that was recreated ends before it.
    const isRemoved = offset < ends.low || offset >= ends.high
    const from = isRemoved ? ends.low : offset
    if (isRemoved && (!onLater || offset >= ends.high)) return {}

    const limit = new AbortController()
    const until = AbortSignal.any([signal, limit.signal])
    const last = Math.min(ends.high, Math.max(from, offset + 1) + MOST_RECORDS)
    let next = from
    let timer: ReturnType<typeof setTimeout> | undefined
    if (from < last) {
      await scanner.scan(
        {
          partition,
          from,
          onRecords(records, reached) {
            timer ??= setTimeout(() => limit.abort(), SEARCH_MS)
            for (const record of records) {
              if (Number(record.offset) >= last) break
              if (Number(record.offset) === offset) onSource(record)
              else onLater?.(record)
            }
            next = Math.min(reached, last)
            return next < (onLater ? last : offset + 1)
          },
        },
        until,
      )
    }
    clearTimeout(timer)
    const searched: History =
      onLater && next > from ? { searched: { partition, from, to: next, end: next >= ends.high } } : {}
    if (!isRemoved && next <= offset) return kafkaUnavailable('Kafka did not deliver the record in time')
    return searched
  }
}

export type ScanHistory = ReturnType<typeof createHistoryScan>

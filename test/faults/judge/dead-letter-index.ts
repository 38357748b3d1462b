import { createLog, type Place } from './log.ts'
import type { LoggedRecord } from './logged-record.ts'
import { textHash } from './text-hash.ts'

export interface DeadLetter extends Place {
  /** The position of its record, from the header. */
  source: string | undefined
  hasReason: boolean
  valueHash: number
}

export function createDeadLetterIndex(topic: string) {
  const { log, add } = createLog<DeadLetter>(
    topic,
    ({ source, valueHash }) => `source=${source ?? '-'} value=${valueHash.toString(16)}`,
  )
  return {
    log,
    add({ partition, offset, headers, value }: LoggedRecord): void {
      add({
        partition,
        offset,
        source: headers.get('source'),
        hasReason: Boolean(headers.get('reason')),
        valueHash: textHash(value),
      })
    },
  }
}

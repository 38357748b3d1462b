import { z } from 'zod'
import { header, headerText } from '../../backbone/records/headers.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'

// RFC 3339, section 5.6: a date and time with a zone. Date's own parser takes "12", and times without a zone, whose meaning
// depends on where the processor runs.
const timestamp = z.iso.datetime({ offset: true })
const YEAR_10_000 = Date.UTC(10_000, 0)

/**
 * When the gateway received the checkout: the header `received-at`, or else the record's time in Kafka. Undefined when
 * neither is a date that an outcome can hold: one with another year than four digits would not be read back by followers.
 */
export function receivedAt({
  headers,
  timestamp: recordTime,
}: Pick<StoredRecord, 'headers' | 'timestamp'>): Date | undefined {
  const given = timestamp.safeParse(headerText(headers, header.receivedAt)?.toUpperCase())
  return [given.success ? Date.parse(given.data) : Number.NaN, Number(recordTime)]
    .map((time) => new Date(time))
    .find((time) => time.getTime() >= 0 && time.getTime() < YEAR_10_000)
}

import { z } from 'zod'
import { header, headerText } from '../../backbone/records/headers.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'

// RFC 3339, section 5.6: a date and time with a zone. Date's own parser accepts "12", and times without a
// zone, whose meaning depends on the machine of the processor.
const timestamp = z.iso.datetime({ offset: true })
const YEAR_10_000 = Date.UTC(10_000, 0)

/**
 * When the gateway received the checkout: the header `received-at`, or else the Kafka timestamp of the
 * record. Undefined if neither is a date that an outcome can contain: followers reject a year that does not
 * have four digits.
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

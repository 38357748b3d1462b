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
  const given = headerText(headers, header.receivedAt)?.toUpperCase()
  const isGiven = given !== undefined && timestamp.safeParse(given).success
  return (isGiven && storableDate(Date.parse(given))) || storableDate(Number(recordTime))
}

function storableDate(time: number): Date | undefined {
  const date = new Date(time)
  return date.getTime() >= 0 && date.getTime() < YEAR_10_000 ? date : undefined
}

import { eventIdOfRedrive } from '../../backbone/records/event-id.ts'
import { header, headerText } from '../../backbone/records/headers.ts'
import { type Redrive, redriveSchema } from '../../backbone/records/outcome.ts'
import type { RecordHeaders } from '../../backbone/records/record.ts'

/**
 * Who sent this record of a partition again, if it was a dead letter; undefined for headers of another form, and where the event is
 * not the one of that dead letter: another program wrote them.
 */
export function redriveIn(headers: RecordHeaders | undefined, partition: number): Redrive | undefined {
  if (headers?.[header.redriveOf] === undefined) return undefined
  const { data } = redriveSchema.safeParse({
    of: headerText(headers, header.redriveOf),
    by: headerText(headers, header.redriveBy),
    at: headerText(headers, header.redriveAt),
  })
  if (data === undefined) return undefined
  return headerText(headers, header.eventId) === eventIdOfRedrive(data.of, partition) ? data : undefined
}

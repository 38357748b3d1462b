import { header, headerText } from '../../backbone/records/headers.ts'
import { type Redrive, redriveSchema } from '../../backbone/records/outcome.ts'
import type { RecordHeaders } from '../../backbone/records/record.ts'

/** Who sent this record again, if it was a dead letter; undefined for headers of another form. */
export function redriveIn(headers: RecordHeaders | undefined): Redrive | undefined {
  if (headers?.[header.redriveOf] === undefined) return undefined
  return redriveSchema.safeParse({
    of: headerText(headers, header.redriveOf),
    by: headerText(headers, header.redriveBy),
    at: headerText(headers, header.redriveAt),
  }).data
}

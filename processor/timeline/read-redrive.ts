import { z } from 'zod'
import { OUTCOME_ID } from '../../backbone/records/event-id.ts'
import { header, headerText } from '../../backbone/records/headers.ts'
import type { RecordHeaders } from '../../backbone/records/record.ts'

const redriveSchema = z.object({
  of: z.string().regex(OUTCOME_ID),
  by: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  at: z.iso.datetime(),
})

/** Who sent a dead letter again as this record, and when. */
export type RecordRedrive = z.infer<typeof redriveSchema>

export const readRedrive = (headers: RecordHeaders | undefined): RecordRedrive | undefined =>
  redriveSchema.safeParse({
    of: headerText(headers, header.redriveOf),
    by: headerText(headers, header.redriveBy),
    at: headerText(headers, header.redriveAt),
  }).data

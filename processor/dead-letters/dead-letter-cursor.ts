import { ProblemError } from '../../backbone/problem.ts'
import type { DeadLetterPlace } from './record.ts'

const CURSOR = /^1\.(\d{1,15})\.(\d{1,4})\.(\d{1,15})$/

/** Where a list of dead letters continues: after this one, which may have been removed meanwhile. */
export const encodeLetterCursor = ({ at, partition, offset }: DeadLetterPlace): string =>
  Buffer.from(`1.${at}.${partition}.${offset}`).toString('base64url')

/** Throws `invalid-request`. */
export function decodeLetterCursor(text: string): DeadLetterPlace {
  const [, at, partition, offset] = CURSOR.exec(Buffer.from(text, 'base64url').toString()) ?? []
  const place = { at: Number(at), partition: Number(partition), offset: Number(offset) }
  if (at !== undefined && encodeLetterCursor(place) === text) return place
  throw new ProblemError('invalid-request', { detail: 'the cursor was not issued by this service' })
}

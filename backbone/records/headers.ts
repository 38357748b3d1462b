import { OWNER } from '../access/api-key.ts'
import { ANONYMOUS } from '../access/identity.ts'
import type { RecordHeaders } from './record.ts'

/** Record headers, in DataTopic, Notifications and the dead-letter topic. */
export const header = {
  eventId: 'event-id',
  /** In DataTopic: the id that an earlier version gave to the same event. */
  formerEventId: 'former-event-id',
  receivedAt: 'received-at',
  traceparent: 'traceparent',
  /** In DataTopic, Notifications and FollowUp: whose event it is; absent when it came without an API key. */
  owner: 'owner',
  /** In DataTopic: what the gateway has corrected, as JSON; absent when the record came as it should. */
  corrections: 'corrections',
  /** In Notifications: this record is no outcome but says that a new owner has taken the partition. */
  claim: 'claim',
  /** In Notifications: which log this partition's records belong to; another value means the topic was made anew. */
  log: 'log',
  reason: 'reason',
  source: 'source',
} as const

/** Whose event a record is, in any topic. */
export function ownerOf(headers: RecordHeaders | undefined): string {
  const owner = headerText(headers, header.owner)
  return owner !== undefined && OWNER.test(owner) ? owner : ANONYMOUS
}

/** What {@link ownerOf} reads. */
export const ownerHeader = (owner: string): Record<string, string> =>
  owner === ANONYMOUS ? {} : { [header.owner]: owner }

/** The first value of a header as text, or undefined. */
export function headerText(headers: RecordHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name]
  const first = Array.isArray(value) ? value[0] : value
  return first?.toString()
}

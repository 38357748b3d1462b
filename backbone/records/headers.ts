import { OWNER } from '../access/api-key.ts'
import { ANONYMOUS } from '../access/identity.ts'
import type { RecordHeaders } from './record.ts'

/** Record headers in DataTopic, Notifications, the dead-letter topic and the topic of figures. */
export const header = {
  eventId: 'event-id',
  receivedAt: 'received-at',
  /** W3C Trace Context: in DataTopic, and of sampled traces in all that a processor writes. */
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  /**
   * In DataTopic, Notifications and FollowUp: the owner of the event; absent if it was sent without an API
   * key.
   */
  owner: 'owner',
  /** In DataTopic: the gateway and the id of the request, see {@link receivedBy}. */
  receivedBy: 'received-by',
  /** In DataTopic: the corrections of the gateway, as JSON; absent if there are none. */
  corrections: 'corrections',
  /** In DataTopic: the warnings of the gateway, as JSON; absent if there are none. */
  warnings: 'warnings',
  /** In Notifications: this record is not an outcome but the claim of the partition by a new owner. */
  claim: 'claim',
  /** In a claim: the name of the new owner, which is INSTANCE, or role and process id. */
  member: 'member',
  /** In a claim: the id of the Kafka cluster that it was made on. In a copy on another cluster, it tells that it is one. */
  cluster: 'cluster',
  /** In a claim that names a copied log: the name that the log had on the other cluster. */
  copiedFrom: 'copied-from',
  /**
   * In Notifications: the id of the log of this partition; another value means that the topic was recreated.
   */
  log: 'log',
  reason: 'reason',
  source: 'source',
  /** In DataTopic: the id of the dead letter that this record sends again. */
  redriveOf: 'redrive-of',
  /** In DataTopic: who sent it again, as the id of an API key. */
  redriveBy: 'redrive-by',
  redriveAt: 'redrive-at',
  /** In the topic of figures: DATA_TOPIC of the system that wrote the record. Several systems may share that topic. */
  dataTopic: 'data-topic',
} as const

/** The owner of the event of a record, in any topic. */
export function ownerOf(headers: RecordHeaders | undefined): string {
  const owner = headerText(headers, header.owner)
  return owner !== undefined && OWNER.test(owner) ? owner : ANONYMOUS
}

/** What {@link ownerOf} reads. */
export const ownerHeader = (owner: string): Record<string, string> =>
  owner === ANONYMOUS ? {} : { [header.owner]: owner }

/** Where a checkout was received. */
export interface Receipt {
  /** INSTANCE, or role and process id. */
  gateway: string
  /** The `X-Request-Id` of the request. */
  requestId: string
}

/** One header for both: each header of a record costs a gateway almost one percent of its rate. */
export const receivedBy = ({ gateway, requestId }: Receipt): string => `${gateway} ${requestId}`

// A request id has at most 128 characters, and no sensible name is longer than this allows. A timeline may have the
// receipts of thousands of records.
const LONGEST_RECEIPT = 256 + 1 + 128

/** Undefined for records of other programs and of earlier versions. A request id has no spaces, a name may have some. */
export function receiptOf(headers: RecordHeaders | undefined): Receipt | undefined {
  const text = headerText(headers, header.receivedBy)
  if (text === undefined || text.length > LONGEST_RECEIPT) return undefined
  const space = text.lastIndexOf(' ')
  if (space === -1) return undefined
  return { gateway: text.slice(0, space), requestId: text.slice(space + 1) }
}

/** The first value of a header as text, or undefined. */
export function headerText(headers: RecordHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name]
  const first = Array.isArray(value) ? value[0] : value
  return first?.toString()
}

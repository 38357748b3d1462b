import { OWNER } from '../../backbone/access/api-key.ts'
import { exportFormats } from '../../backbone/http/notifications-query.ts'
import { baseKinds, KIND, notifiedKinds } from '../../backbone/records/outcome.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: true
  description: string
  schema: Record<string, unknown>
}

export const inQuery = (name: string, description: string, schema: Parameter['schema']): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
})

const dateTime = { type: 'string', format: 'date-time' }

/** Bounds of a time; each needs its own words. */
export const period = (since: string, until: string): Parameter[] => [
  inQuery('since', since, dateTime),
  inQuery('until', until, dateTime),
]
export const limitOf = (description: string): Parameter =>
  inQuery('limit', description, { type: 'integer', minimum: 1, maximum: 1_000, default: 100 })

export const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Requests of one customer with the same key are one event. A quoted string, or bare; 1 to 255 visible ASCII characters',
  schema: { type: 'string', pattern: '^(?:"(?:[!#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~][!-~]{0,254})$' },
}
export const prefer: Parameter = {
  name: 'Prefer',
  in: 'header',
  description: '`wait=N`: seconds to wait for the outcome, at most 30 (RFC 7240)',
  schema: { type: 'string' },
}
export const preferOfPost: Parameter = {
  ...prefer,
  description:
    '`wait=N`: seconds to wait for the outcome, at most 30. `handling=lenient`: accept a purchase with valid `id`, `taps` and `folio` even if other fields are invalid (RFC 7240)',
}
export const preferOfBatch: Parameter = {
  ...prefer,
  description:
    '`handling=lenient`: accept purchases with valid `id`, `taps` and `folio` even if other fields are invalid (RFC 7240). `wait` is ignored',
}
export const priority: Parameter = {
  name: 'Priority',
  in: 'header',
  description: '`u=5`: a visit, which may be rejected before its body is read (RFC 9218)',
  schema: { type: 'string' },
}
export const checkoutPlace: Parameter = {
  name: 'Checkout-Place',
  in: 'header',
  description: 'Queue ticket from an earlier 503. Earlier requests are admitted first',
  schema: { type: 'string' },
}
export const traceparent: Parameter = {
  name: 'traceparent',
  in: 'header',
  description: 'W3C Trace Context; stored with the record. A malformed one is ignored',
  schema: { type: 'string' },
}
export const tracestate: Parameter = {
  name: 'tracestate',
  in: 'header',
  description: 'W3C Trace Context; stored with `traceparent`',
  schema: { type: 'string' },
}
export const requestId: Parameter = {
  name: 'X-Request-Id',
  in: 'header',
  description:
    'Identifies the request in its answer and in logs: 1 to 128 visible ASCII characters. Otherwise a random UUID is used',
  schema: { type: 'string' },
}
export const signature: Parameter = {
  name: 'Checkout-Signature',
  in: 'header',
  description: '`t=<seconds>,v1=<HMAC-SHA256 of "<t>.<body>">`; required if the key must sign',
  schema: { type: 'string', pattern: '^t=[0-9]{1,12},v1=[0-9a-f]{64}$' },
}
const kindName = KIND.source.slice(1, -1)
const kindsOf = (byDefault: string): Parameter =>
  inQuery(
    'kind',
    `Kinds of outcome, comma-separated or repeated: ${baseKinds.join(', ')}, those of \`GET /messages\`, or \`all\`. Without it, ${byDefault}`,
    { type: 'string', pattern: `^${kindName}(?:,${kindName})*$` },
  )
const notified = `all kinds with a message: ${notifiedKinds.join(', ')} and added ones`
const orderOf = (byDefault: 'asc' | 'desc'): Parameter =>
  inQuery('order', '`asc`: oldest first. `desc`: newest first, from now on; not for streams', {
    enum: ['asc', 'desc'],
    default: byDefault,
  })
export const owner: Parameter = inQuery(
  'owner',
  'Only events of this owner; another one than that of the key requires the scope `all-owners`',
  { type: 'string', pattern: OWNER.source },
)
const sharedFilters: Parameter[] = [
  owner,
  inQuery('customer', 'Customer id', { type: 'string', pattern: '^[0-9a-fA-F]{24}$' }),
  inQuery('folio', 'Folio', { type: 'string', pattern: '^[A-Za-z]{3}-[0-9]{4}$' }),
  inQuery('product', '`productovisto`, exactly, after the corrections of a checkout', {
    type: 'string',
    minLength: 1,
  }),
  ...period('Classified at this time or later; must be before `until`', 'Classified before this time'),
]
const start: Parameter[] = [
  inQuery('cursor', 'Position to continue from: `next` of a page, or the id of a stream event', {
    type: 'string',
  }),
  inQuery('from', 'Position to start from without a cursor', { enum: ['earliest', 'now'] }),
]
export const notificationFilters: Parameter[] = [
  kindsOf(notified),
  ...sharedFilters,
  ...start,
  orderOf('asc'),
]
export const checkoutFilters: Parameter[] = [
  kindsOf('all kinds'),
  ...sharedFilters,
  ...start,
  orderOf('desc'),
  inQuery('eventId', 'An event. Its conflicts, and its records outside the home partition, are found, too', {
    type: 'string',
    pattern: '^[A-Za-z0-9_-]{1,192}$',
  }),
  inQuery(
    'idempotencyKey',
    'Key that the event was sent with, without quotes; requires `customer`, and with the scope `all-owners` also `owner`',
    {
      type: 'string',
      pattern: '^[!-~]{1,255}$',
    },
  ),
]
export const limit: Parameter = limitOf('Maximum number of items of a page; streams ignore it')
const format: Parameter = inQuery('format', 'One JSON object per line, or a table', {
  enum: exportFormats,
  default: 'ndjson',
})
export const lastEventId: Parameter[] = [
  {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'Id of the last event received. It takes precedence over the other start positions',
    schema: { type: 'string' },
  },
  inQuery(
    'lastEventId',
    'The same, for clients that cannot send the header. It takes precedence over `cursor` and `from`',
    { type: 'string' },
  ),
]
export const exportParameters: Parameter[] = [kindsOf(notified), ...sharedFilters, format]

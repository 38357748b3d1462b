/**
 * Names of OpenTelemetry's Semantic Conventions 1.45.0 (HTTP: stable; messaging: in development). Texts of their own,
 * so that a process that does not trace loads nothing of OpenTelemetry.
 */
export const attribute = {
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlPath: 'url.path',
  urlScheme: 'url.scheme',
  errorType: 'error.type',
  system: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  offset: 'messaging.kafka.offset',
  group: 'messaging.consumer.group.name',
  batchCount: 'messaging.batch.message_count',
} as const

export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0'

/** Attributes of this project. */
export const ownAttribute = {
  eventId: 'checkout.event_id',
  lane: 'checkout.lane',
  kind: 'checkout.kind',
  /** Whether the record repeats an event that has its outcome. */
  repetition: 'checkout.repetition',
  /** How an outcome was sent: `read` or `streamed`. */
  delivery: 'checkout.delivery',
  /** To whom, as in the timeline of a checkout. */
  recipient: 'checkout.recipient',
} as const

import { ProblemError } from '../../backbone/problem.ts'
import { header } from '../../backbone/records/headers.ts'
import { attribute, ownAttribute } from '../../backbone/tracing/attributes.ts'
import { sampledTraceIn, type TraceContext, traceHeaders } from '../../backbone/tracing/trace-context.ts'
import type { SpanStart, TracedSpan, Tracing } from '../../backbone/tracing/tracing.ts'
import type { CheckoutRecord, Stored } from './checkout-record.ts'

export type Publish = (record: CheckoutRecord) => Promise<Stored>

interface TracePublishOptions {
  tracing: Tracing
  topic: string
  publish: Publish
}

/**
 * Publishes with a producer span for each record of a sampled trace, from its arrival in the queue to Kafka's answer. Its
 * context travels with the record, also for the records of one batch: each was sent by one customer, and what shares a
 * request to Kafka has nothing else in common (messaging conventions, "Send" span as creation context).
 */
export function tracePublish({ tracing, topic, publish }: TracePublishOptions): Publish {
  async function publishTraced(record: CheckoutRecord, span: TracedSpan): Promise<Stored> {
    try {
      const headers = { ...record.headers, ...traceHeaders(span.context) }
      const stored = await publish({ ...record, headers })
      span.set({
        [attribute.partition]: String(stored.partition),
        [attribute.offset]: stored.offset,
      })
      span.end()
      return stored
    } catch (error) {
      span.end(error instanceof ProblemError ? error.code : '_OTHER')
      throw error
    }
  }

  return (record) => {
    const parent = sampledTraceIn(record.headers)
    const span = parent && tracing.start(spanOf(record, parent, topic))
    return span ? publishTraced(record, span) : publish(record)
  }
}

const spanOf = (record: CheckoutRecord, parent: TraceContext, topic: string): SpanStart => ({
  name: `send ${topic}`,
  kind: 'producer',
  parent,
  links: record.follows ? [record.follows] : [],
  attributes: {
    [attribute.system]: 'kafka',
    [attribute.operationName]: 'send',
    [attribute.operationType]: 'send',
    [attribute.destination]: topic,
    [ownAttribute.eventId]: record.headers[header.eventId],
    [ownAttribute.lane]: record.lane,
  },
})

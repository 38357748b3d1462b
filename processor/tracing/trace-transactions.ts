import type { StoredRecord } from '../../backbone/records/record.ts'
import { attribute, ownAttribute } from '../../backbone/tracing/attributes.ts'
import { sampledTraceIn } from '../../backbone/tracing/trace-context.ts'
import type { TracedSpan, Tracing } from '../../backbone/tracing/tracing.ts'
import type { Decision } from '../classify/decide-outcome.ts'
import type { TraceTransaction } from '../consume/commit-outcomes.ts'
import type { TracedOutcomes } from './traced-outcomes.ts'

interface TransactionTraceOptions {
  tracing: Tracing
  /** DataTopic. */
  topic: string
  notificationsTopic: string
  groupId: string
  tracedOutcomes: Pick<TracedOutcomes, 'add'>
}

interface Traced {
  span: TracedSpan
  decision: Decision
}

/**
 * Spans of a transaction, by the messaging conventions (1.45.0). Each record of a sampled trace has a consumer span
 * `process`, a child of the context that came with it; it is the creation context of what the record becomes. The
 * transaction, into which the records of many traces fan in, is one producer span `send` of its own trace, with a link
 * to each of them. Records without a sampled trace have no spans.
 */
export function createTransactionTrace(options: TransactionTraceOptions): TraceTransaction {
  const { tracing, topic, notificationsTopic, groupId, tracedOutcomes } = options

  function startRecord(record: StoredRecord, partition: number, at: number): TracedSpan | undefined {
    const parent = sampledTraceIn(record.headers)
    if (!parent) return undefined
    return tracing.start({
      name: `process ${topic}`,
      kind: 'consumer',
      parent,
      at,
      attributes: {
        [attribute.system]: 'kafka',
        [attribute.operationName]: 'process',
        [attribute.operationType]: 'process',
        [attribute.destination]: topic,
        [attribute.partition]: String(partition),
        [attribute.offset]: Number(record.offset),
        [attribute.group]: groupId,
      },
    })
  }

  return (records, decisions, partition, at) => {
    const traced: Traced[] = []
    for (const [index, record] of records.entries()) {
      const decision = decisions[index]
      const span = decision && startRecord(record, partition, at)
      if (!decision || !span) continue
      decision.trace = span.context
      span.set(
        decision.outcome
          ? { [ownAttribute.eventId]: decision.outcome.eventId, [ownAttribute.kind]: decision.outcome.kind }
          : { [ownAttribute.repetition]: true },
      )
      traced.push({ span, decision })
    }
    if (traced.length === 0) return undefined
    const transaction = tracing.start({
      name: `send ${notificationsTopic}`,
      kind: 'producer',
      links: traced.map(({ span }) => span.context),
      at,
      attributes: {
        [attribute.system]: 'kafka',
        [attribute.operationName]: 'send',
        [attribute.operationType]: 'send',
        [attribute.destination]: notificationsTopic,
        [attribute.partition]: String(partition),
        [attribute.batchCount]: decisions.filter(({ outcome }) => outcome).length,
      },
    })
    return {
      stored: (eventId, offset, context) => tracedOutcomes.add(partition, offset, eventId, context),
      end(error) {
        const type = error === undefined ? undefined : error instanceof Error ? error.name : '_OTHER'
        for (const { span } of traced) span.end(type)
        transaction?.end(type)
      },
    }
  }
}

import { expect, test, vi } from 'vitest'
import type { SpanStart, Tracing } from '../../backbone/tracing/tracing.ts'
import type { DeliveryMemory } from '../deliveries/delivery-memory.ts'
import { positionOf } from '../read-model/record.ts'
import { traceDeliveries } from './trace-deliveries.ts'
import { createTracedOutcomes } from './traced-outcomes.ts'

const context = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }
const unsampled = { traceparent: context.traceparent.replace(/01$/, '00') }

function start() {
  let logs = 0
  const started: SpanStart[] = []
  const tracing: Tracing = {
    start(span) {
      started.push(span)
      return undefined
    },
    close: () => Promise.resolve(),
  }
  const tracedOutcomes = createTracedOutcomes({ logsForgotten: () => logs })
  const remembered = vi.fn<DeliveryMemory['sent']>()
  const reportOf: DeliveryMemory['reportOf'] = () => {
    throw new Error('nobody asks')
  }
  const deliveries = traceDeliveries({ tracing, tracedOutcomes, deliveries: { sent: remembered, reportOf } })
  return { started, tracedOutcomes, remembered, deliveries, recreate: () => void logs++ }
}

test('an outcome with a trace has one span for each way and kind of recipient', () => {
  const { started, tracedOutcomes, remembered, deliveries } = start()
  tracedOutcomes.add(1, 7, 'event', context)
  const positions = [positionOf(1, 6), positionOf(1, 7)]
  for (let times = 0; times < 2; times++) {
    deliveries.sent(positions, 'streamed', 'reader', unsampled)
    deliveries.sent(positions, 'read', 'customer', context)
  }
  expect(
    started.map(({ parent, links, attributes }) => [parent, links, attributes?.['checkout.delivery']]),
  ).toEqual([
    [context, [], 'streamed'],
    [context, [context], 'read'],
  ])
  expect(remembered).toHaveBeenCalledTimes(4)
})

test('followed outcomes are known by their headers, those of an earlier log are forgotten', () => {
  const { started, tracedOutcomes, deliveries, recreate } = start()
  const record = (offset: string, traceparent?: string) => ({
    key: Buffer.from(`event-${offset}`),
    value: null,
    offset,
    timestamp: '0',
    ...(traceparent === undefined ? {} : { headers: { traceparent: Buffer.from(traceparent) } }),
  })
  tracedOutcomes.followed(0, [
    record('0'),
    record('1', unsampled.traceparent),
    record('2', 'malformed'),
    record('3', context.traceparent),
  ])
  const all = [0, 1, 2, 3].map((offset) => positionOf(0, offset))
  deliveries.sent(all, 'streamed', 'reader')
  expect(started.map(({ attributes }) => attributes?.['checkout.event_id'])).toEqual(['event-3'])
  recreate()
  deliveries.sent(all, 'read', 'reader')
  expect(started).toHaveLength(1)
})

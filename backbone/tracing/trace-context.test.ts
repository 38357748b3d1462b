import { expect, test } from 'vitest'
import {
  isSampled,
  sampledTraceId,
  traceContextIn,
  traceContextOf,
  traceHeaders,
  unsampled,
} from './trace-context.ts'

// The example of W3C Trace Context, section 3.2.
const example = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const none = () => undefined

test('a well-formed traceparent is kept', () => {
  expect(traceContextOf(example, none)).toEqual({ traceparent: example })
})

test.each([
  undefined,
  '',
  example.toUpperCase(),
  `${example}-extra`,
  example.replace('00-', 'ff-'),
  example.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
  example.replace('00f067aa0ba902b7', '0'.repeat(16)),
  `${example}, ${example}`,
])('the traceparent %s is ignored', (traceparent) => {
  expect(traceContextOf(traceparent, () => 'vendor=1')).toBeUndefined()
})

const members = (count: number) => Array.from({ length: count }, (_, index) => `v${index}=1`).join(',')

test.each([
  'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
  'tenant@system=a b, other=1',
  'key=value,',
  members(32),
  `a=${'x'.repeat(256)},b=${'x'.repeat(251)}`,
])('the tracestate %s is kept', (tracestate) => {
  expect(traceContextOf(example, () => tracestate)).toEqual({ traceparent: example, tracestate })
})

test.each([
  'no value',
  'Key=1',
  'key=ñ',
  'key=a=b',
  members(33),
  `a=${'x'.repeat(256)},b=${'x'.repeat(252)},c=1`,
  `a=${'x'.repeat(257)}`,
])('the tracestate %s is ignored, its traceparent is not', (tracestate) => {
  expect(traceContextOf(example, () => tracestate)).toEqual({ traceparent: example })
})

test('a record has the trace of the first header of each name, or none', () => {
  expect(
    traceContextIn({ traceparent: [Buffer.from(example), 'x'], tracestate: Buffer.from('a=1') }),
  ).toEqual({
    traceparent: example,
    tracestate: 'a=1',
  })
  expect(traceContextIn({ tracestate: 'a=1' })).toBeUndefined()
  expect(traceContextIn({ traceparent: 'x' })).toBeUndefined()
  expect(traceHeaders(undefined)).toEqual({})
})

test('only a sampled trace has an id to look for', () => {
  const context = { traceparent: example, tracestate: 'a=1' }
  expect(sampledTraceId(context)).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
  expect(sampledTraceId({ traceparent: example.replace(/01$/, '02') })).toBeUndefined()
  expect(isSampled({ traceparent: example.replace(/01$/, '03') })).toBe(true)
  expect(unsampled(context)).toEqual({ traceparent: example.replace(/01$/, '00'), tracestate: 'a=1' })
})

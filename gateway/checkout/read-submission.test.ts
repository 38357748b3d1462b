import { expect, test } from 'vitest'
import { wellFormedTraceParent } from './read-submission.ts'

// The example of W3C Trace Context, section 3.2.
const example = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('a well-formed traceparent is kept', () => {
  expect(wellFormedTraceParent(example)).toBe(example)
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
])('the traceparent %s is ignored', (header) => {
  expect(wellFormedTraceParent(header)).toBeUndefined()
})

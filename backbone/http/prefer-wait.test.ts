import { expect, test } from 'vitest'
import { preferredWait } from './prefer-wait.ts'

test.each([
  ['wait=10', 10],
  ['wait=0', 0],
  ['wait=30', 30],
  ['wait=31', 30],
  ['wait=999999999', 30],
  ['WAIT=5', 5],
  ['Wait = 5', 5],
  ['wait="7"', 7],
  ['respond-async, wait=10', 10],
  ['wait=10, respond-async', 10],
  ['return=minimal; foo="some", wait=3; x=y', 3],
  ['wait=4, wait=20', 4],
])('%s asks for %i s', (prefer, seconds) => {
  expect(preferredWait(prefer)).toBe(seconds)
})

test.each([
  undefined,
  '',
  'respond-async',
  'wait',
  'wait=',
  'wait=-1',
  'wait=1.5',
  'wait=soon',
  'await=5',
  'wait=5s',
])('%j requests no wait', (prefer) => {
  expect(preferredWait(prefer)).toBe(0)
})

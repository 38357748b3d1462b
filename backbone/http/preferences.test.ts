import { expect, test } from 'vitest'
import { preference, prefersLenient } from './preferences.ts'

test.each([
  'handling=lenient',
  'Handling = "lenient"',
  'wait=5, handling=lenient',
  'handling=lenient; strictly="no, not at all", wait=5',
  'foo; bar="a, handling=strict; \\" b", handling=LENIENT',
  'respond-async,handling=lenient',
  'handling=lenient, handling=strict',
  ', ,handling=lenient,',
])('%s asks for lenient handling', (prefer) => {
  expect(prefersLenient(prefer)).toBe(true)
})

test.each([
  undefined,
  '',
  'handling',
  'handling=',
  'handling=strict',
  'handling=strict, handling=lenient',
  'foo="handling=lenient"',
  'foo="a, handling=lenient',
  'foo; handling=lenient',
  'xhandling=lenient',
  'handling=lenient extra',
  'lenient',
])('%j does not', (prefer) => {
  expect(prefersLenient(prefer)).toBe(false)
})

test.each([
  ['foo', ''],
  ['foo=', ''],
  ['foo=""', ''],
  ['foo="a \\"b\\" c"', 'a "b" c'],
  ['bar', undefined],
])('of %s the value is %j', (prefer, value) => {
  expect(preference(prefer, 'foo')).toBe(value)
})

test.each(['"\\'.repeat(8_000), `a=${' '.repeat(16_000)}b c`, ';'.repeat(16_000), '"'.repeat(16_001)])(
  'a header that was made to be slow is not',
  (prefer) => {
    const startedAt = performance.now()
    expect(prefersLenient(prefer)).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(100)
  },
)

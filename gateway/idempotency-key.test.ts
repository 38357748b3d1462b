import { expect, test } from 'vitest'
import { ProblemError } from '../backbone/problem.ts'
import { parseIdempotencyKey } from './idempotency-key.ts'

test('without the header there is no key', () => {
  expect(parseIdempotencyKey(undefined)).toBeUndefined()
})

test.each([
  ['"order-1"', 'order-1'],
  ['order-1', 'order-1'],
  [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
  [String.raw`a\b`, String.raw`a\b`],
  ['a"b', 'a"b'],
  ['a,b', 'a,b'],
  ['!', '!'],
  ['~', '~'],
  ['x'.repeat(255), 'x'.repeat(255)],
  [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  [`"${String.raw`\"`.repeat(255)}"`, '"'.repeat(255)],
])('%s is a key', (header, key) => {
  expect(parseIdempotencyKey(header)).toBe(key)
})

test.each([
  ['empty', ''],
  ['empty between quotes', '""'],
  ['one character too many', 'x'.repeat(256)],
  ['one character too many between quotes', `"${'x'.repeat(256)}"`],
  ['two headers', 'a, b'],
  ['two quoted headers', '"a", "b"'],
  ['two quoted values', '"a","b"'],
  ['a quote that is not closed', '"a'],
  ['nothing but a quote', '"'],
  ['an escaped end', String.raw`"a\"`],
  ['an escape that there is not', String.raw`"a\n"`],
  ['a bare quote within', '"a"b"'],
  ['parameters', '"a";b=1'],
  ['a space', '"a b"'],
  ['a tab', 'a\tb'],
  ['not ASCII', 'clé'],
  ['not ASCII between quotes', '"clé"'],
  ['DEL', '\u007f'],
])('%s is refused', (_, header) => {
  expect(() => parseIdempotencyKey(header)).toThrow(
    expect.objectContaining({ code: 'invalid-request' } satisfies Partial<ProblemError>),
  )
})

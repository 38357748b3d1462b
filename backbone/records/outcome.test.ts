import { expect, test } from 'vitest'
import { isNotifiedKind, kindRules, kindSchema } from './outcome.ts'

test('each kind has a unique number in read model files', () => {
  expect(Object.values(kindRules).map(({ number }) => number)).toEqual([0, 1, 2, 3, 4])
})

test.each([
  ['quick', true],
  ['x', true],
  ['express-2', true],
  [`a${'b'.repeat(31)}`, true],
  [`a${'b'.repeat(32)}`, false],
  ['', false],
  ['2nd', false],
  ['Express', false],
  ['exprés', false],
  ['a,b', false],
])('%j is the name of a kind: %s', (name, is) => {
  expect(kindSchema.safeParse(name).success).toBe(is)
})

test('an added kind has a message', () => {
  const names = ['express', 'quick', 'none', 'toString'].map(
    (name) => kindSchema.safeParse(name).data ?? 'invalid',
  )
  expect(names.map(isNotifiedKind)).toEqual([true, true, false, false])
})

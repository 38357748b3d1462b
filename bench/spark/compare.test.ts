import { expect, test } from 'vitest'
import { differenceOf, type Verdict } from './compare.ts'

const quick: Verdict = { kind: 'quick', message: 'Estimad@ Ana', checkout: { edad: 44, folio: 'SRZ-5509' } }
const none: Verdict = { kind: 'none', message: null, checkout: {} }

test.each<[string | undefined, Verdict | undefined, Verdict | undefined]>([
  [undefined, quick, structuredClone(quick)],
  [undefined, none, undefined],
  [undefined, { ...none, kind: 'invalid' }, undefined],
  [undefined, undefined, undefined],
  [undefined, { ...quick, checkout: { edad: null } }, { ...quick, checkout: {} }],
  ['quick: nothing', quick, undefined],
  ['none: quick', none, quick],
  ['quick: slow', quick, { ...quick, kind: 'slow' }],
  ['unverified: slow', { ...none, kind: 'unverified' }, { ...quick, kind: 'slow' }],
  ['repetition: quick', undefined, quick],
  ['quick: quick without a message', quick, { ...quick, message: null }],
  ['message', quick, { ...quick, message: 'Estimad@ ana' }],
  ['field edad', quick, { ...quick, checkout: { folio: 'SRZ-5509' } }],
])('the difference is %j', (expected, ours, spark) => {
  expect(differenceOf(ours, spark)).toBe(expected)
})

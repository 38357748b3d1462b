import { expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { classify } from './classify.ts'

const folio = 'SRZ-5509'
const rules = { thresholdMinutes: 30, longestPlausibleMinutes: 10_080 }

test.each([
  [Number.MIN_VALUE, folio, 'quick'],
  [17.8, folio, 'quick'],
  [30, folio, 'quick'],
  [30.0001, folio, 'slow'],
  [10_080, folio, 'slow'],
  [10_080.1, folio, 'unverified'],
  [Number.MAX_VALUE, folio, 'unverified'],
  [Number.MAX_VALUE, null, 'unverified'],
  [0, null, 'none'],
  [-0, null, 'none'],
  [null, null, 'none'],
  [0, folio, 'unverified'],
  [null, folio, 'unverified'],
  [0.1, null, 'unverified'],
  [31, null, 'unverified'],
] as const)('taps %j with the folio %j is %s', (taps, given, kind) => {
  expect(classify({ taps, folio: given }, rules)).toBe(kind)
})

test('the samples of docs/reference/domain.md are quick and none', () => {
  expect([classify(boughtQuickly, rules), classify(didNotBuy, rules)]).toEqual(['quick', 'none'])
})

test.each([
  [12.5, 12.5, 'quick'],
  [12.5, 12.6, 'slow'],
  [12.5, 60, 'slow'],
  [12.5, 60.1, 'unverified'],
])('with a threshold of %d and 60 minutes at most, %d is %s', (thresholdMinutes, taps, kind) => {
  expect(classify({ taps, folio }, { thresholdMinutes, longestPlausibleMinutes: 60 })).toBe(kind)
})

import { expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../test/sample-checkouts.ts'
import { classify } from './classify.ts'

const folio = 'SRZ-5509'

test.each([
  [Number.MIN_VALUE, folio, 'quick'],
  [17.8, folio, 'quick'],
  [30, folio, 'quick'],
  [30.0001, folio, 'slow'],
  [Number.MAX_VALUE, folio, 'slow'],
  [0, null, 'none'],
  [-0, null, 'none'],
  [null, null, 'none'],
  [0, folio, 'unverified'],
  [null, folio, 'unverified'],
  [0.1, null, 'unverified'],
  [31, null, 'unverified'],
] as const)('taps %j with the folio %j is %s', (taps, given, kind) => {
  expect(classify({ ...boughtQuickly, taps, folio: given }, 30)).toBe(kind)
})

test('the samples of DOMAIN.md are quick and none', () => {
  expect([classify(boughtQuickly, 30), classify(didNotBuy, 30)]).toEqual(['quick', 'none'])
})

test.each([
  [12.5, 12.5, 'quick'],
  [12.5, 12.6, 'slow'],
])('with a threshold of %d, %d is %s', (threshold, taps, kind) => {
  expect(classify({ ...boughtQuickly, taps }, threshold)).toBe(kind)
})

import { expect, test } from 'vitest'
import { kindSchema } from '../../backbone/records/outcome.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { builtInFiles, builtInMessages } from '../testing/messages.ts'
import { classify } from './classify.ts'

const folio = 'SRZ-5509'
const rules = { kinds: builtInMessages.kinds, longestPlausibleMinutes: 10_080 }

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
])('with a threshold of %d and 60 minutes at most, %d is %s', (quickMinutes, taps, kind) => {
  const { kinds } = builtInFiles({ quickMinutes }).messages
  expect(classify({ taps, folio }, { kinds, longestPlausibleMinutes: 60 })).toBe(kind)
})

test.each([
  [0.1, 'express'],
  [5, 'express'],
  [5.01, 'quick'],
  [30, 'quick'],
  [30.01, 'slow'],
])('with an added kind up to 5 minutes, %d is %s', (taps, kind) => {
  const limits = { express: 5, quick: 30, slow: Number.POSITIVE_INFINITY }
  const kinds = Object.entries(limits).map(([name, untilMinutes]) => ({
    kind: kindSchema.parse(name),
    untilMinutes,
  }))
  expect(classify({ taps, folio }, { kinds, longestPlausibleMinutes: 60 })).toBe(kind)
})

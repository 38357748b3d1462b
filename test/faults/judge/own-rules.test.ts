import { expect, test } from 'vitest'
import { followedUpKinds, notifiedKinds, outcomeKinds } from '../../../backbone/records/outcome.ts'
import { expectedOutcome } from '../../../loadgen/outcomes/expected-outcome.ts'
import { classify } from '../../../processor/classify/classify.ts'
import { messageFor } from '../../../processor/classify/message.ts'
import { checkoutKinds, checkoutOf } from '../../checkouts.ts'
import { mustBeFollowedUp } from './follow-ups.ts'
import { mustNotify } from './streams.ts'

// The judge and the load generator have separate rules, so that they can detect errors of the product. A new
// kind must be added to both.
const rules = { thresholdMinutes: 30, longestPlausibleMinutes: 10_080 }

test.each(checkoutKinds)('a checkout of kind %s is expected to become what it becomes', (kind) => {
  const checkout = checkoutOf(kind, 7)
  expect(classify(checkout, rules)).toBe(kind)
  expect(expectedOutcome(checkout)).toEqual({ kind, message: messageFor(kind, checkout, 'Falabella') })
})

test('the kinds that the judge wants followed up are those that are', () => {
  expect(outcomeKinds.filter(mustBeFollowedUp)).toEqual(followedUpKinds)
})

test('the kinds that the judge wants streams to have are those that notify', () => {
  expect(outcomeKinds.filter((kind) => mustNotify({ kind }))).toEqual(notifiedKinds)
})

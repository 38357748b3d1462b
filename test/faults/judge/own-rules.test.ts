import { expect, test } from 'vitest'
import { baseKinds, followedUpKinds, notifiedKinds } from '../../../backbone/records/outcome.ts'
import { expectedOutcome } from '../../../loadgen/outcomes/expected-outcome.ts'
import { classify } from '../../../processor/classify/classify.ts'
import { builtInMessages } from '../../../processor/testing/messages.ts'
import { checkoutKinds, checkoutOf } from '../../checkouts.ts'
import { mustBeFollowedUp } from './follow-ups.ts'
import { mustNotify } from './streams.ts'

// The judge and the load generator have separate rules, so that they can detect errors of the product. A new
// kind must be added to both.
const rules = { kinds: builtInMessages.kinds, longestPlausibleMinutes: 10_080 }

test.each(checkoutKinds)('a checkout of kind %s is expected to become what it becomes', (kind) => {
  const checkout = checkoutOf(kind, 7)
  expect(classify(checkout, rules)).toBe(kind)
  expect(expectedOutcome(checkout)).toEqual({ kind, message: builtInMessages.messageFor(kind, checkout) })
})

test('the kinds that the judge wants followed up are those that are', () => {
  expect(baseKinds.filter(mustBeFollowedUp)).toEqual(followedUpKinds)
  expect(baseKinds.filter(builtInMessages.isFollowedUp)).toEqual(followedUpKinds)
})

test('the kinds that the judge wants streams to have are those that notify', () => {
  expect(baseKinds.filter((kind) => mustNotify({ kind }))).toEqual(notifiedKinds)
})

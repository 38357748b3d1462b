import { expect, test } from 'vitest'
import {
  type CheckoutSample,
  checkoutsOf,
  createSampleBuffer,
  type RequestSample,
  requestsOf,
} from './samples.ts'

const request: RequestSample = {
  scenario: 1,
  stage: 2,
  lane: 'browse',
  outcome: 503,
  retry: true,
  resent: false,
  dueAt: 1_795_611_421_794.25,
  sentAt: 1_795_611_421_795.5,
  endedAt: 1_795_611_421_800.75,
  bytesSent: 600,
  bytesReceived: 0,
}

const checkout: CheckoutSample = {
  scenario: 0,
  stage: 0,
  lane: 'purchase',
  eventId: 'db860385e96c17173f0edc7815ea5389',
  accepted: true,
  dueAt: 1.5,
  sentAt: 2,
  endedAt: 3,
  expected: { kind: 'slow', textHash: 4_294_967_295 },
}

test('samples cross to another thread as they were', () => {
  const requests: RequestSample[] = [
    request,
    { ...request, outcome: 'timeout', lane: 'purchase', retry: false, resent: true },
    { ...request, outcome: 202 },
    { ...request, outcome: 'connection closed' },
  ]
  const checkouts: CheckoutSample[] = [
    checkout,
    { ...checkout, eventId: undefined, accepted: false, expected: { kind: 'none', textHash: 0 } },
    { ...checkout, eventId: 'b' },
  ]
  const buffer = createSampleBuffer()
  for (const sample of requests) buffer.request(sample)
  for (const sample of checkouts) buffer.checkout(sample)
  for (const stage of [0, 3, 0]) buffer.dropped(1, stage)
  buffer.body('{}', 12.5)
  buffer.sent()
  const batch = structuredClone(buffer.take(700, [{ scenario: 0, stage: 1, count: 7 }]))
  expect([...requestsOf(batch)]).toEqual(requests)
  expect([...checkoutsOf(batch)]).toEqual(checkouts)
  expect(batch).toMatchObject({
    sent: 1,
    untilMs: 700,
    unanswered: [{ scenario: 0, stage: 1, count: 7 }],
    bodies: [{ body: '{}', dueAt: 12.5 }],
  })
  expect(batch.dropped).toEqual([
    { scenario: 1, stage: 0, count: 2 },
    { scenario: 1, stage: 3, count: 1 },
  ])
})

test('the kinds cross by the numbers that are stored elsewhere', () => {
  const kinds = ['none', 'quick', 'slow', 'unverified', 'invalid'] as const
  const buffer = createSampleBuffer()
  for (const kind of kinds) buffer.checkout({ ...checkout, expected: { kind, textHash: 0 } })
  const { checkouts } = buffer.take(0, [])
  expect(kinds.map((_, n) => checkouts[n * 9 + 7])).toEqual([0, 1, 2, 3, 4])
})

test('samples are taken only once', () => {
  const buffer = createSampleBuffer()
  buffer.request({ ...request, outcome: 'timeout' })
  buffer.take(0, [])
  const batch = buffer.take(0, [])
  expect([...requestsOf(batch), ...checkoutsOf(batch), ...batch.dropped, ...batch.bodies]).toEqual([])
})

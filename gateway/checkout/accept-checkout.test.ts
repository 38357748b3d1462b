import { expect, test, vi } from 'vitest'
import { anyone } from '../../backbone/access/identity.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { eventIdOfBody, eventIdOfKey } from '../../backbone/records/event-id.ts'
import { homePartition } from '../../backbone/records/partition.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { createAdmission } from '../overload/admission.ts'
import type { CheckoutRecord } from '../publish/checkout-record.ts'
import { type Accepted, createAcceptCheckout } from './accept-checkout.ts'
import { createIdempotencyWindow } from './idempotency-window.ts'
import { submittedCheckout } from './read-checkout.ts'

const PARTITIONS = 6
const anonymousSubmission = {
  identity: anyone,
  requestId: 'request-1',
  since: 1_764_504_000_000,
  isDisconnected: () => false,
  idempotencyKey: undefined,
  trace: undefined,
}
const of = (owner: string, customer?: string) => ({ ...anonymousSubmission, identity: { owner, customer } })
const withKey = (idempotencyKey: string, owner = 'anonymous') => ({ ...of(owner), idempotencyKey })
const as = (checkout: typeof boughtQuickly | typeof didNotBuy) => submittedCheckout(checkout)
const reused = expect.objectContaining({ code: 'idempotency-key-reused' })

const metrics = { stored: () => undefined }

function start() {
  let offset = 0
  const publish = vi.fn(async ({ partitionAmong }: CheckoutRecord) => ({
    partition: partitionAmong(PARTITIONS),
    offset: offset++,
  }))
  const window = createIdempotencyWindow<Accepted>(100)
  const admission = createAdmission({ most: 100, requestRecords: 1_000, isOverloaded: () => false })
  return {
    publish,
    admission,
    accept: createAcceptCheckout({
      gateway: 'gateway 1',
      admission,
      window,
      publish,
      knowsPartitions: () => true,
      metrics,
    }),
  }
}

test('stores the canonical record in the home partition of its customer', async () => {
  const { accept, publish } = start()
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const { answer } = await accept(as(boughtQuickly), {
    ...anonymousSubmission,
    trace: { traceparent, tracestate: 'vendor=1' },
  })
  const partition = homePartition(boughtQuickly.id, 'purchase', PARTITIONS)
  const eventId = eventIdOfBody(JSON.stringify(boughtQuickly))
  expect(answer).toEqual({ eventId, status: 'accepted', partition, offset: 0, lane: 'purchase' })
  expect(publish).toHaveBeenCalledExactlyOnceWith({
    lane: 'purchase',
    since: anonymousSubmission.since,
    isDisconnected: expect.any(Function),
    partitionAmong: expect.any(Function),
    key: boughtQuickly.id,
    value: JSON.stringify(boughtQuickly),
    headers: {
      'event-id': eventId,
      'received-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      'received-by': 'gateway 1 request-1',
      traceparent,
      tracestate: 'vendor=1',
    },
  })
})

test('stores the warnings of the first request, but no field name of unlimited length', async () => {
  const { accept, publish } = start()
  const named = (length: number) => ({
    pointer: `/${'x'.repeat(length - 1)}`,
    code: 'unknown_field' as const,
  })
  const warnings = [named(10), named(200), named(201)]
  const { answer } = await accept(submittedCheckout(boughtQuickly, [], { warnings }), anonymousSubmission)
  expect(answer.warnings).toEqual(warnings)
  const { headers } = publish.mock.calls[0]![0]
  expect(JSON.parse(headers.warnings!)).toEqual([named(10), named(200)])
})

test('stores no header for warnings that cannot be stored', async () => {
  const { accept, publish } = start()
  const warnings = [{ pointer: `/${'x'.repeat(1_000)}`, code: 'unknown_field' as const }]
  await accept(submittedCheckout(boughtQuickly, [], { warnings }), anonymousSubmission)
  expect(publish.mock.calls[0]![0].headers).not.toHaveProperty('warnings')
})

test('a visit goes to the other lane', async () => {
  const { accept, publish } = start()
  const { answer } = await accept(as(didNotBuy), anonymousSubmission)
  expect(answer).toMatchObject({
    lane: 'browse',
    partition: homePartition(didNotBuy.id, 'browse', PARTITIONS),
  })
  expect(publish.mock.calls[0]?.[0].headers).not.toHaveProperty('traceparent')
})

test('reports the corrections, also to repetitions', async () => {
  const { accept } = start()
  const corrections = [{ pointer: '/nombre', correction: 'trimmed' as const }]
  const { answer } = await accept(submittedCheckout(boughtQuickly, corrections), anonymousSubmission)
  expect(answer.corrections).toEqual(corrections)
  expect((await accept(as(boughtQuickly), anonymousSubmission)).answer).toEqual(answer)
})

test('without a key the same body is the same event, another body is another', async () => {
  const { accept, publish } = start()
  const first = await accept(as(boughtQuickly), anonymousSubmission)
  const again = await accept(as(boughtQuickly), anonymousSubmission)
  const other = await accept(as({ ...boughtQuickly, folio: 'SRZ-0001' }), anonymousSubmission)
  expect([first, again, other].map(({ replayed }) => replayed)).toEqual([false, true, false])
  expect(other.answer.eventId).not.toBe(first.answer.eventId)
  expect(publish).toHaveBeenCalledTimes(2)
})

test('a key identifies the event, and belongs to its owner', async () => {
  const { accept, publish } = start()
  const scope = { key: 'k', customer: boughtQuickly.id, lane: 'purchase' as const }
  const first = await accept(as(boughtQuickly), withKey('k'))
  const again = await accept(as(boughtQuickly), withKey('k'))
  const another = await accept(as(boughtQuickly), withKey('k2'))
  const others = await accept(as(didNotBuy), withKey('k', 'other'))
  expect(first.answer.eventId).toBe(eventIdOfKey({ owner: 'anonymous', ...scope }))
  expect(again).toEqual({ answer: first.answer, replayed: true })
  expect([another.replayed, others.replayed]).toEqual([false, false])
  expect(publish).toHaveBeenCalledTimes(3)
})

test('the same body of two owners is two events, each with its owner', async () => {
  const { accept, publish } = start()
  const events = await Promise.all(
    ['web', 'app', 'anonymous'].map((owner) => accept(as(boughtQuickly), of(owner))),
  )
  expect(new Set(events.map(({ answer }) => answer.eventId)).size).toBe(3)
  expect(publish.mock.calls.map(([{ headers }]) => headers['owner'])).toEqual(['web', 'app', undefined])
})

test('a credential for one customer accepts no checkout of another', async () => {
  const { accept, publish } = start()
  await expect(accept(as(boughtQuickly), of('web', 'a'.repeat(24)))).rejects.toThrow(
    expect.objectContaining({ code: 'forbidden' }),
  )
  expect(publish).not.toHaveBeenCalled()
  expect((await accept(as(boughtQuickly), of('web', boughtQuickly.id))).answer.status).toBe('accepted')
})

test('a key used for one purchase of a customer is rejected for another one', async () => {
  const { accept, publish } = start()
  await accept(as(boughtQuickly), withKey('k'))
  await expect(accept(as({ ...boughtQuickly, folio: 'SRZ-0001' }), withKey('k'))).rejects.toThrow(reused)
  expect(publish).toHaveBeenCalledOnce()
})

test.each([
  ['customer', { ...boughtQuickly, id: 'a'.repeat(24) }],
  ['lane', { ...boughtQuickly, taps: null, folio: null }],
])('the same key of another %s is another event', async (_, other) => {
  const { accept, publish } = start()
  const first = await accept(as(boughtQuickly), withKey('k'))
  const second = await accept(as(other as typeof boughtQuickly), withKey('k'))
  expect(second.replayed).toBe(false)
  expect(second.answer.eventId).not.toBe(first.answer.eventId)
  const again = [
    await accept(as(boughtQuickly), withKey('k')),
    await accept(as(other as typeof boughtQuickly), withKey('k')),
  ]
  expect(again.map(({ answer }) => answer)).toEqual([first.answer, second.answer])
  expect(publish).toHaveBeenCalledTimes(2)
})

test('a failed write can be retried', async () => {
  const { accept, publish } = start()
  publish.mockRejectedValueOnce(new ProblemError('kafka-unavailable'))
  await expect(accept(as(boughtQuickly), anonymousSubmission)).rejects.toThrow()
  expect((await accept(as(boughtQuickly), anonymousSubmission)).replayed).toBe(false)
})

test('stores nothing until the partitions are known', async () => {
  const publish = vi.fn()
  const window = createIdempotencyWindow<Accepted>(100)
  const admission = createAdmission({ most: 100, requestRecords: 1_000, isOverloaded: () => false })
  const accept = createAcceptCheckout({
    gateway: 'gateway',
    admission,
    window,
    publish,
    knowsPartitions: () => false,
    metrics,
  })
  const unavailable = expect.objectContaining({ code: 'kafka-unavailable' })
  await expect(accept(as(boughtQuickly), anonymousSubmission)).rejects.toThrow(unavailable)
  expect(publish).not.toHaveBeenCalled()
})

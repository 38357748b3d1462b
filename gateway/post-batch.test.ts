import * as fc from 'fast-check'
import pino, { type Logger } from 'pino'
import { describe, expect, test } from 'vitest'
import { eventIdOfBody, eventIdOfKey } from '../backbone/event-id.ts'
import { ProblemError } from '../backbone/problem.ts'
import { boughtQuickly, didNotBuy } from '../test/sample-checkouts.ts'
import type { BatchResult } from './accept-batch.ts'
import { MOST_RECORDS } from './read-batch.ts'
import { MAX_BATCH_BYTES, MAX_BODY_BYTES, problem, startApp } from './test-app.ts'

type Answer = { results: BatchResult[] }

const numbered = (n: number) => ({ ...boughtQuickly, folio: `SRZ-${String(n).padStart(4, '0')}` })
const faulty = { ...boughtQuickly, edad: 131 }

function startBatches(log?: Logger) {
  const started = startApp({ log })
  const send = async (body: string, headers: Record<string, string> = {}) =>
    started.app.request('/checkout/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  const sendAll = (records: unknown[], headers?: Record<string, string>) =>
    send(JSON.stringify(records), headers)
  const sendLines = (body: string, type = 'application/x-ndjson') => send(body, { 'content-type': type })
  return { ...started, send, sendAll, sendLines }
}

const answerOf = async (response: Response) => (await response.json()) as Answer
const statuses = async (response: Response) => (await answerOf(response)).results.map(({ status }) => status)

describe('a batch', () => {
  test('is answered with what each checkout would have been answered alone, in order', async () => {
    const { sendAll, post, publish } = startBatches()
    const response = await sendAll([numbered(1), faulty, didNotBuy, { ...numbered(2), edad: '44' }])
    expect(response.status).toBe(207)
    const { results } = await answerOf(response)
    expect(results).toEqual([
      { status: 202, retry: false, accepted: expect.objectContaining({ lane: 'purchase', offset: 0 }) },
      {
        status: 422,
        retry: false,
        problem: await (await post(JSON.stringify(faulty))).json(),
      },
      { status: 202, retry: false, accepted: expect.objectContaining({ lane: 'browse', offset: 1 }) },
      {
        status: 202,
        retry: false,
        accepted: expect.objectContaining({
          offset: 2,
          corrections: [{ pointer: '/edad', correction: 'text to number' }],
        }),
      },
    ])
    expect(publish).toHaveBeenCalledTimes(3)
  })

  test.each([
    { name: 'all are accepted', records: [numbered(1), numbered(2)], status: 202, type: 'application/json' },
    { name: 'some are faulty', records: [numbered(1), faulty], status: 207, type: 'application/json' },
    { name: 'all are faulty', records: [faulty, 7, null, []], status: 422, type: 'application/problem+json' },
  ])('is $status when $name', async ({ records, status, type }) => {
    const { sendAll } = startBatches()
    const response = await sendAll(records)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe(type)
    expect((await answerOf(response)).results).toHaveLength(records.length)
  })

  test('is 503 when none could be stored, and says which are worth a retry', async () => {
    const { sendAll, publish } = startBatches()
    publish.mockRejectedValue(new ProblemError('kafka-unavailable'))
    const response = await sendAll([numbered(1), faulty])
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    const body = await answerOf(response)
    expect(body).toEqual(problem('batch-not-stored'))
    expect(body.results.map(({ status, retry }) => ({ status, retry }))).toEqual([
      { status: 503, retry: true },
      { status: 422, retry: false },
    ])
  })

  test('of which some could not be stored is 207, and the others stand', async () => {
    const { sendAll, publish } = startBatches()
    publish.mockRejectedValueOnce(new ProblemError('overloaded'))
    const response = await sendAll([numbered(1), numbered(2)])
    expect(response.status).toBe(207)
    expect(await statuses(response)).toEqual([503, 202])
  })

  test('with a bug in it harms no other, and the bug is in the log', async () => {
    const lines: string[] = []
    const { sendAll, publish } = startBatches(pino({ level: 'error' }, { write: (line) => lines.push(line) }))
    publish.mockRejectedValueOnce(new Error('a bug'))
    expect(await statuses(await sendAll([numbered(1), numbered(2)]))).toEqual([500, 202])
    expect(lines.join('')).toContain('a bug')
  })

  test('that is sent again is the same events', async () => {
    const { sendAll, publish } = startBatches()
    const records = [numbered(1), numbered(2)]
    const [first, again] = [await answerOf(await sendAll(records)), await answerOf(await sendAll(records))]
    expect(again.results).toEqual(first.results.map((result) => Object.assign(result, { replayed: true })))
    expect(publish).toHaveBeenCalledTimes(2)
  })
})

describe('keys', () => {
  test('of its own are what a record would have been sent with alone', async () => {
    const { sendAll, post } = startBatches()
    const { results } = await answerOf(await sendAll([{ ...numbered(1), idempotencyKey: 'order-1' }]))
    expect(results[0]?.idempotencyKey).toBe('order-1')
    const alone = await post(JSON.stringify(numbered(1)), { 'idempotency-key': '"order-1"' })
    expect(alone.headers.get('idempotent-replayed')).toBe('true')
    expect(await alone.json()).toEqual(results[0]?.accepted)
  })

  test('are derived from the key of the request and the body: a retry alone is the same event', async () => {
    const { sendAll, post, publish } = startBatches()
    const records = [numbered(1), { ...numbered(2), idempotencyKey: 'mine' }, faulty]
    const { results } = await answerOf(await sendAll(records, { 'idempotency-key': '"batch-1"' }))
    const derived = `batch-1/${eventIdOfBody(JSON.stringify(numbered(1)))}`
    expect(results.map(({ idempotencyKey }) => idempotencyKey)).toEqual([derived, 'mine', undefined])
    const untidy = { ...numbered(1), nombre: ' Scarlett ' }
    const alone = await post(JSON.stringify(untidy), { 'idempotency-key': derived })
    expect([alone.headers.get('idempotent-replayed'), await alone.json()]).toEqual([
      'true',
      results[0]?.accepted,
    ])
    expect(publish).toHaveBeenCalledTimes(2)
  })

  test('do not depend on where a checkout stands: taken out, inserted and reordered', async () => {
    const element = fc.oneof(fc.nat(11).map(numbered), fc.constant(faulty))
    const batches = fc.array(fc.array(element, { minLength: 1, maxLength: 8 }), {
      minLength: 2,
      maxLength: 8,
    })
    const holds = fc.asyncProperty(batches, async (sent) => {
      const { sendAll, publish } = startBatches()
      const ids = new Map<string, string | undefined>()
      for (const records of sent) {
        const { results } = await answerOf(await sendAll(records, { 'idempotency-key': 'batch-1' }))
        for (const [index, { folio, edad }] of records.entries()) {
          const { status, accepted } = results[index] ?? {}
          expect(status).toBe(edad === faulty.edad ? 422 : 202)
          if (accepted) expect(accepted.eventId).toBe(ids.get(folio) ?? accepted.eventId)
          if (accepted) ids.set(folio, accepted.eventId)
        }
      }
      expect(publish).toHaveBeenCalledTimes(ids.size)
      expect(new Set(ids.values()).size).toBe(ids.size)
    })
    await fc.assert(holds, { numRuns: 50 })
  })

  test('of twins are one: the same checkout twice in a batch is one event', async () => {
    const { sendAll, publish } = startBatches()
    for (const headers of [{}, { 'idempotency-key': 'batch-1' }]) {
      const { results } = await answerOf(await sendAll([numbered(1), numbered(2), numbered(1)], headers))
      expect(results.map(({ status, replayed }) => [status, replayed])).toEqual([
        [202, undefined],
        [202, undefined],
        [202, true],
      ])
      expect(results[2]?.accepted).toEqual(results[0]?.accepted)
    }
    expect(publish).toHaveBeenCalledTimes(4)
  })

  test('that records share are judged as in two requests: by customer, lane and body', async () => {
    const { sendAll, publish } = startBatches()
    const records = [
      numbered(1),
      numbered(2),
      numbered(1),
      { ...numbered(1), id: 'b'.repeat(24) },
      { ...numbered(1), taps: null, folio: null },
    ].map((record) => Object.assign(record, { idempotencyKey: 'same' }))
    const { results } = await answerOf(await sendAll(records))
    expect(results.map(({ status, replayed }) => [status, replayed])).toEqual([
      [202, undefined],
      [422, undefined],
      [202, true],
      [202, undefined],
      [202, undefined],
    ])
    expect(results[1]?.problem).toEqual(problem('idempotency-key-reused'))
    expect(publish).toHaveBeenCalledTimes(3)
  })

  test('name what an earlier version stored by its number, for the processor', async () => {
    const { sendAll, publish } = startBatches()
    const records = [faulty, numbered(1), { ...numbered(2), idempotencyKey: 'mine' }]
    await sendAll(records, { 'idempotency-key': 'batch-1' })
    const scope = { owner: 'anonymous', customer: boughtQuickly.id, lane: 'purchase' as const }
    expect(publish.mock.calls.map(([{ headers }]) => headers['former-event-id'])).toEqual([
      eventIdOfKey({ ...scope, key: 'batch-1/1' }),
      undefined,
    ])
  })

  test.each(['with space', 'ñ', 'x'.repeat(256), 7, [], {}])('%j is no key', async (idempotencyKey) => {
    const { sendAll } = startBatches()
    const response = await sendAll([{ ...numbered(1), idempotencyKey }, numbered(2)])
    expect(await statuses(response)).toEqual([400, 202])
  })

  test('of a request may have 255 characters, and what is derived from them is a key', async () => {
    const { sendAll, post } = startBatches()
    for (const length of [222, 223, 255]) {
      const response = await sendAll([numbered(length)], { 'idempotency-key': 'k'.repeat(length) })
      const [result] = (await answerOf(response)).results
      const alone = await post(JSON.stringify(numbered(length)), {
        'idempotency-key': result?.idempotencyKey ?? '',
      })
      expect([alone.headers.get('idempotent-replayed'), await alone.json()]).toEqual([
        'true',
        result?.accepted,
      ])
    }
  })
})

describe('lines', () => {
  test.each(['application/x-ndjson', 'application/ndjson; charset=utf-8', 'application/jsonl'])(
    '%s is one checkout a line',
    async (type) => {
      const { sendLines } = startBatches()
      const lines = `${JSON.stringify(numbered(1))}\r\n\n${JSON.stringify(numbered(2))}`
      expect(await statuses(await sendLines(lines, type))).toEqual([202, 202])
    },
  )

  test('that are no JSON harm no other', async () => {
    const { sendLines } = startBatches()
    const response = await sendLines(`{"id":\n${JSON.stringify(numbered(1))}\nnull\n`)
    expect(await statuses(response)).toEqual([400, 202, 422])
  })
})

describe('limits', () => {
  test.each([
    { count: MOST_RECORDS, status: 202, code: undefined },
    { count: MOST_RECORDS + 1, status: 422, code: 'batch-too-large' },
    { count: 0, status: 422, code: 'invalid-batch' },
  ])('$count checkouts: $status', async ({ count, status, code }) => {
    const { sendAll, sendLines } = startBatches()
    const records = Array.from({ length: count }, (_, n) => numbered(n))
    const asLines = await sendLines(records.map((record) => JSON.stringify(record)).join('\n'))
    const asArray = await sendAll(records)
    expect([asArray.status, asLines.status]).toEqual([status, status])
    if (code !== undefined) expect(await asArray.json()).toEqual(problem(code))
  })

  test.each([
    { by: 'array', bytes: MAX_BODY_BYTES, status: 202 },
    { by: 'array', bytes: MAX_BODY_BYTES + 1, status: 413 },
    { by: 'lines', bytes: MAX_BODY_BYTES, status: 202 },
    { by: 'lines', bytes: MAX_BODY_BYTES + 1, status: 413 },
  ])('a checkout of $bytes bytes in $by: $status', async ({ by, bytes, status }) => {
    const { sendAll, sendLines } = startBatches()
    const empty = JSON.stringify({ ...numbered(1), productovisto: '' }).length
    const record = { ...numbered(1), productovisto: 'p'.repeat(bytes - empty) }
    const other = numbered(2)
    const response = await (by === 'array'
      ? sendAll([record, other])
      : sendLines(`${JSON.stringify(record)}\n${JSON.stringify(other)}`))
    expect(await statuses(response)).toEqual([status, 202])
  })

  test.each([
    { bytes: MAX_BATCH_BYTES, status: 202 },
    { bytes: MAX_BATCH_BYTES + 1, status: 413 },
  ])('a body of $bytes bytes: $status', async ({ bytes, status }) => {
    const { send } = startBatches()
    const response = await send(JSON.stringify([didNotBuy]).padEnd(bytes))
    expect(response.status).toBe(status)
  })
})

test.each([
  ['{}', 422, 'invalid-batch'],
  ['"text"', 422, 'invalid-batch'],
  ['[{]', 400, 'malformed-json'],
  ['', 400, 'malformed-json'],
])('%s is no batch', async (body, status, code) => {
  const { send, publish } = startBatches()
  const response = await send(body)
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual(problem(code))
  expect(publish).not.toHaveBeenCalled()
})

test('other types and methods are refused', async () => {
  const { send, app } = startBatches()
  const typed = await send('[]', { 'content-type': 'text/csv' })
  expect(typed.status).toBe(415)
  expect(typed.headers.get('accept')).toBe('application/json, application/x-ndjson')
  const got = await app.request('/checkout/batch')
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventIdOfBody } from '../../backbone/records/event-id.ts'
import { problem } from '../testing/app.ts'
import { answerOf, faulty, numbered, startBatches, statuses } from '../testing/batches.ts'

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`batch-keys.test.ts: TEST_SEED=${seed}`)

describe('keys of records', () => {
  test('are the idempotency keys of the same records sent alone, if records have their own', async () => {
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

  test('do not depend on the position of a checkout', async () => {
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
    await fc.assert(holds, { seed, numRuns: 50 })
  })

  test('are equal for identical checkouts: twice in a batch is one event', async () => {
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

  test('may be shared, with the same effect as in two requests: customer, lane and body decide', async () => {
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

  test.each([null, ''])('%j is as good as no key', async (idempotencyKey) => {
    const { sendAll } = startBatches()
    for (const headers of [{}, { 'idempotency-key': 'b' }]) {
      const [without] = (await answerOf(await sendAll([numbered(1)], headers))).results
      const [result] = (await answerOf(await sendAll([{ ...numbered(1), idempotencyKey }], headers))).results
      expect(result).toEqual({ ...without, replayed: true })
    }
  })

  test.each(['with space', 'ñ', 'x'.repeat(256), 7, {}])('%j is no key', async (idempotencyKey) => {
    const { sendAll } = startBatches()
    const response = await sendAll([{ ...numbered(1), idempotencyKey }, numbered(2)])
    expect(await statuses(response)).toEqual([400, 202])
  })

  test('derived from a key of 255 characters are valid', async () => {
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

import { describe, expect, test } from 'vitest'
import { canonicalCheckout } from '../../backbone/records/checkout.ts'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { problem, startApp } from '../testing/app.ts'

const email = 'María José.Díaz@mail.com'
const faulty = { ...boughtQuickly, email, edad: 131 }
const faults = [
  { pointer: '/edad', code: 'range', detail: 'must be a whole number from 0 to 130' },
  { pointer: '/email', code: 'format', detail: 'must be an e-mail address' },
]
const lenient = { prefer: 'handling=lenient' }

test.each([undefined, 'handling=strict', 'wait=5'])(
  'with Prefer: %s a faulty purchase is refused',
  async (prefer) => {
    const { post, publish } = startApp()
    const response = await post(JSON.stringify(faulty), prefer === undefined ? {} : { prefer })
    expect(response.status).toBe(422)
    expect(response.headers.get('preference-applied')).toBeNull()
    expect(await response.text()).toBe(
      '{"type":"urn:problem-type:checkout:invalid-checkout","title":"Checkout validation failed","status":422,"errors":[' +
        '{"pointer":"/edad","code":"range","detail":"must be a whole number from 0 to 130"},' +
        '{"pointer":"/email","code":"format","detail":"must be an e-mail address"}]}',
    )
    expect(publish).not.toHaveBeenCalled()
  },
)

describe('with handling=lenient', () => {
  test('a faulty purchase is accepted with its faults', async () => {
    const { post, publish } = startApp()
    const response = await post(JSON.stringify(faulty), lenient)
    expect(response.status).toBe(202)
    expect(response.headers.get('preference-applied')).toBe('handling=lenient')
    expect(await response.json()).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'accepted',
      partition: expect.any(Number),
      offset: 0,
      lane: 'purchase',
      faults,
    })
    const { key, value, lane } = publish.mock.lastCall?.[0] ?? {}
    expect({ key, lane, value: JSON.parse(value ?? '') }).toEqual({
      key: faulty.id,
      lane: 'purchase',
      value: faulty,
    })
    // The record as the processor reads it.
    expect(parseCheckout(JSON.parse(value ?? ''))).toMatchObject({ is: 'faulty purchase', faults })
  })

  test('a retry is the same event, also in another notation', async () => {
    const { post, publish } = startApp()
    const ways = [faulty, Object.fromEntries(Object.entries({ ...faulty, edad: '131' }).toReversed())]
    const ids: (string | null)[][] = []
    for (const body of ways) {
      const response = await post(JSON.stringify(body), lenient)
      ids.push([
        response.headers.get('idempotent-replayed'),
        ((await response.json()) as { eventId: string }).eventId,
      ])
    }
    expect(ids).toEqual([
      [null, ids[0]?.[1]],
      ['true', ids[0]?.[1]],
    ])
    expect(publish).toHaveBeenCalledOnce()
  })

  test('another e-mail address under one key is another body', async () => {
    const { post } = startApp()
    const headers = { ...lenient, 'idempotency-key': 'k' }
    expect((await post(JSON.stringify(faulty), headers)).status).toBe(202)
    const other = await post(JSON.stringify({ ...faulty, email: 'María José@mail.com' }), headers)
    expect([other.status, await other.json()]).toEqual([422, problem('idempotency-key-reused')])
  })

  test('a rejected checkout may be sent leniently with the same key', async () => {
    const { post } = startApp()
    const key = { 'idempotency-key': 'k' }
    expect((await post(JSON.stringify(faulty), key)).status).toBe(422)
    expect((await post(JSON.stringify(faulty), { ...lenient, ...key })).status).toBe(202)
  })

  test.each([
    ['id', { id: 'x' }, ['/id', '/edad', '/email']],
    ['folio', { folio: null }, ['/edad', '/email']],
    ['a folio that is one', { folio: 'SRZ5509' }, ['/edad', '/email', '/folio']],
    ['taps', { taps: 0 }, ['/edad', '/email']],
  ])('without %s it proves no purchase and is rejected', async (_, fields, pointers) => {
    const { post, publish } = startApp()
    const response = await post(JSON.stringify({ ...faulty, ...fields }), lenient)
    const { errors } = (await response.json()) as { errors: { pointer: string }[] }
    expect([response.status, errors.map(({ pointer }) => pointer)]).toEqual([422, pointers])
    expect(response.headers.get('preference-applied')).toBeNull()
    expect(publish).not.toHaveBeenCalled()
  })

  test('a purchase without faults is stored as usual', async () => {
    const { post, publish } = startApp()
    const response = await post(JSON.stringify(boughtQuickly), lenient)
    expect(await response.json()).not.toHaveProperty('faults')
    expect(publish.mock.lastCall?.[0].value).toBe(canonicalCheckout(boughtQuickly))
  })

  test('misnamed fields of a purchase are warnings', async () => {
    const { nombre, ...rest } = boughtQuickly
    const { post } = startApp()
    const response = await post(JSON.stringify({ ...rest, Nombre: nombre }), lenient)
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({
      faults: [{ pointer: '/nombre', code: 'missing', detail: 'is missing' }],
      warnings: [{ pointer: '/Nombre', code: 'unknown_field', didYouMean: 'nombre' }],
    })
  })

  test('a misnamed folio proves no purchase', async () => {
    const { folio, ...rest } = boughtQuickly
    const response = await startApp().post(JSON.stringify({ ...rest, Folio: folio }), lenient)
    expect(response.status).toBe(422)
  })

  test('and wait, both are applied when both were', async () => {
    const { post, results } = startApp()
    const source = { partition: 3, offset: 0 }
    results.mockImplementation(async () =>
      Response.json({ status: 'classified', outcome: { kind: 'unverified', source } }),
    )
    const response = await post(JSON.stringify(faulty), { prefer: 'wait=5, handling=lenient' })
    expect([response.status, response.headers.get('preference-applied')]).toEqual([
      200,
      'handling=lenient, wait=5',
    ])
    expect(await response.json()).toMatchObject({
      status: 'classified',
      faults,
      outcome: { kind: 'unverified' },
    })
  })

  test('so are the purchases of a batch', async () => {
    const { app } = startApp()
    const send = (headers: object) =>
      app.request('/checkout/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify([boughtQuickly, faulty, { ...faulty, folio: null }]),
      })
    const strict = (await (await send({})).json()) as { results: { status: number }[] }
    expect(strict.results.map(({ status }) => status)).toEqual([202, 422, 422])
    const response = await send(lenient)
    expect([response.status, response.headers.get('preference-applied')]).toEqual([207, 'handling=lenient'])
    const waiting = await send({ prefer: 'wait=5, handling=lenient' })
    expect(waiting.headers.get('preference-applied')).toBe('handling=lenient')
    expect(await response.json()).toMatchObject({
      results: [{ status: 202 }, { status: 202, accepted: { faults } }, { status: 422 }],
    })
  })
})

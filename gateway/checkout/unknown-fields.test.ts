import { describe, expect, test } from 'vitest'
import { MOST_WARNINGS } from '../../backbone/records/warning.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { startApp } from '../testing/app.ts'

const { folio, ubicacion, ...withoutFolio } = boughtQuickly

interface Answer {
  eventId: string
  warnings?: { pointer: string }[]
  errors: { pointer: string; code: string; detail: string }[]
}

async function post(body: object | string, headers?: Record<string, string>) {
  const app = startApp()
  const response = await app.post(typeof body === 'string' ? body : JSON.stringify(body), headers)
  const stored = app.publish.mock.lastCall?.[0].value
  return { status: response.status, answer: (await response.json()) as Answer, stored }
}

async function postBatch(records: object[]) {
  const { app } = startApp()
  const response = await app.request('/checkout/batch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(records),
  })
  return (await response.json()) as { results: { status: number; accepted?: object; problem?: object }[] }
}

describe('an unknown field', () => {
  test('is not stored, and the answer has a warning with the most similar name', async () => {
    const { status, answer, stored } = await post({
      ...boughtQuickly,
      desconocido: 'CYBER',
      folios: 'AAA-0001',
      ubicacion: { ...ubicacion, comuna: 'Ñuñoa', ciudades: 1 },
    })
    expect(status).toBe(202)
    expect(answer).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'accepted',
      partition: expect.any(Number),
      offset: 0,
      lane: 'purchase',
      warnings: [
        { pointer: '/desconocido', code: 'unknown_field' },
        { pointer: '/folios', code: 'unknown_field', didYouMean: 'folio' },
        { pointer: '/ubicacion/comuna', code: 'unknown_field' },
        { pointer: '/ubicacion/ciudades', code: 'unknown_field', didYouMean: 'ciudad' },
      ],
    })
    expect(JSON.parse(stored ?? '')).toEqual(boughtQuickly)
  })

  test('of a stage is not stored either', async () => {
    const recorrido = [{ etapa: 'pago', segundos: 1_068 }]
    const { status, answer, stored } = await post({
      ...boughtQuickly,
      recorrido: [{ ...recorrido[0], errores: '51', x: 1 }],
    })
    expect(status).toBe(202)
    expect(answer.warnings).toEqual([
      { pointer: '/recorrido/0/errores', code: 'unknown_field', didYouMean: 'error' },
      { pointer: '/recorrido/0/x', code: 'unknown_field' },
    ])
    expect(JSON.parse(stored ?? '')).toEqual({ ...boughtQuickly, recorrido })
  })

  test('does not change the event, and each answer has the warnings of its own request', async () => {
    const { post: send, publish } = startApp()
    const bodies = [boughtQuickly, { ...boughtQuickly, desconocido: 1 }, { ...boughtQuickly, otro: 2 }]
    const answers: Answer[] = []
    for (const body of bodies) answers.push((await (await send(JSON.stringify(body))).json()) as Answer)
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(1)
    expect(answers.map(({ warnings = [] }) => warnings.map(({ pointer }) => pointer))).toEqual([
      [],
      ['/desconocido'],
      ['/otro'],
    ])
    expect(publish).toHaveBeenCalledOnce()
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a/b~c', ''])(
    'may have the name %j',
    async (name) => {
      const json = JSON.stringify(boughtQuickly).replace('{', `{${JSON.stringify(name)}:{"folio":1},`)
      const { status, answer } = await post(json)
      expect(status).toBe(202)
      expect(answer.warnings).toEqual([
        { pointer: `/${name.replace('~', '~0').replace('/', '~1')}`, code: 'unknown_field' },
      ])
    },
  )

  test('is also listed in a rejection, because it may be a misspelt missing field', async () => {
    const { email, ...withoutEmail } = boughtQuickly
    const record = { ...withoutEmail, emial: email, desconocido: 'CYBER' }
    const problem = {
      type: 'urn:problem-type:checkout:invalid-checkout',
      title: 'Checkout validation failed',
      status: 422,
      errors: [{ pointer: '/email', code: 'missing', detail: expect.any(String) }],
      warnings: [
        { pointer: '/emial', code: 'unknown_field', didYouMean: 'email' },
        { pointer: '/desconocido', code: 'unknown_field' },
      ],
    }
    expect((await post(record)).answer).toEqual(problem)
    const { results } = await postBatch([record, { ...withoutEmail }])
    expect(results[0]?.problem).toEqual(problem)
    expect(results[1]?.problem).not.toHaveProperty('warnings')
  })

  test('is reported up to a maximum number', async () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`x${n}`, 1]))
    const { status, answer } = await post({ ...didNotBuy, ...many })
    expect(status).toBe(202)
    expect(answer.warnings).toHaveLength(MOST_WARNINGS)
  })
})

describe('a field that differs from a known one only by case, accents, _ or -', () => {
  test.each([
    ['Folio', 'folio'],
    ['FOLIO', 'folio'],
    ['fólio', 'folio'],
    ['fo\u0301lio', 'folio'],
    ['teléfono', 'telefono'],
    ['producto_visto', 'productovisto'],
    ['producto-visto', 'productovisto'],
    ['productoVisto', 'productovisto'],
  ])('%s is rejected as a misnamed %s', async (field, known) => {
    const { [known as 'folio']: value, ...rest } = boughtQuickly
    const { status, answer, stored } = await post({ ...rest, [field]: value })
    expect(status).toBe(422)
    expect(answer).toMatchObject({ title: 'Checkout validation failed' })
    expect(answer.errors[0]).toEqual({
      pointer: `/${field}`,
      code: 'unknown_field',
      detail: `is an unknown field; did you mean ${known}?`,
    })
    expect(stored).toBeUndefined()
  })

  test('is also rejected beside the correct one, and inside ubicacion', async () => {
    const { status, answer } = await post({
      ...boughtQuickly,
      Taps: 3,
      ubicacion: { ...ubicacion, Dirección: 'x' },
    })
    expect(status).toBe(422)
    expect(answer.errors).toEqual([
      { pointer: '/Taps', code: 'unknown_field', detail: 'is an unknown field; did you mean taps?' },
      {
        pointer: '/ubicacion/Dirección',
        code: 'unknown_field',
        detail: 'is an unknown field; did you mean direccion?',
      },
    ])
  })

  test('is also rejected inside a stage', async () => {
    const { status, answer } = await post({ ...boughtQuickly, recorrido: [{ etapa: 'pago', Segundos: 1 }] })
    expect(status).toBe(422)
    expect(answer.errors.map(({ pointer, detail }) => [pointer, detail])).toEqual([
      ['/recorrido/0/Segundos', 'is an unknown field; did you mean segundos?'],
      ['/recorrido/0/segundos', 'is missing'],
    ])
  })

  test('is reported with all other faults', async () => {
    const { answer } = await post({ ...withoutFolio, ubicacion, Folio: folio, edad: 131 })
    expect(answer.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/Folio', 'unknown_field'],
      ['/edad', 'range'],
    ])
  })

  test('is reported up to a maximum number', async () => {
    const ways = Array.from({ length: 27 }, (_, n) => [
      `f${'_'.repeat(n % 3)}o${'_'.repeat((n / 3) % 3)}l${'_'.repeat((n / 9) % 3)}io`,
      1,
    ])
    const { status, answer } = await post({ ...didNotBuy, ...Object.fromEntries(ways.slice(1)) })
    expect(status).toBe(422)
    expect(answer.errors).toHaveLength(MOST_WARNINGS)
  })
})

test('in a batch each record has its own warnings and faults, and idempotencyKey is a field', async () => {
  const { results } = await postBatch([
    { ...boughtQuickly, idempotencyKey: 'a' },
    { ...boughtQuickly, folio: 'AAA-0001', desconocido: 1 },
    { ...withoutFolio, ubicacion, Folio: folio },
    { ...boughtQuickly, folio: 'AAA-0002', idempotency_key: 'b' },
  ])
  expect(results.map(({ status }) => status)).toEqual([202, 202, 422, 422])
  expect(results[0]?.accepted).not.toHaveProperty('warnings')
  expect(results[1]?.accepted).toMatchObject({
    warnings: [{ pointer: '/desconocido', code: 'unknown_field' }],
  })
  expect(results[2]?.problem).toMatchObject({
    errors: [
      { pointer: '/Folio', code: 'unknown_field', detail: 'is an unknown field; did you mean folio?' },
    ],
  })
  expect(results[3]?.problem).toMatchObject({
    errors: [
      {
        pointer: '/idempotency_key',
        code: 'unknown_field',
        detail: 'is an unknown field; did you mean idempotencyKey?',
      },
    ],
  })
})

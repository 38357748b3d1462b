import { expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { startApp } from '../testing/app.ts'

const stages = [
  { etapa: 'catalogo', segundos: 600 },
  { etapa: 'pago', segundos: 468, error: '51' },
]
const withPath = { ...boughtQuickly, recorrido: stages }
const MISMATCH = [{ pointer: '/recorrido', code: 'sum_mismatch' }]

async function post(body: object, headers?: Record<string, string>) {
  const { post: send, publish } = startApp()
  const response = await send(JSON.stringify(body), headers)
  const record = publish.mock.lastCall?.[0]
  return { status: response.status, answer: (await response.json()) as Record<string, unknown>, record }
}

test('a path is stored with its checkout', async () => {
  const { status, answer, record } = await post(withPath)
  expect([status, answer.warnings, answer.corrections]).toEqual([202, undefined, undefined])
  expect(record?.value).toBe(JSON.stringify(withPath))
  expect(record?.headers).not.toHaveProperty('warnings')
})

test('a path that does not add up to taps is stored, with a warning in answer and record', async () => {
  const { status, answer, record } = await post({ ...withPath, taps: 44.5 })
  expect([status, answer.warnings]).toEqual([202, MISMATCH])
  expect(JSON.parse(record?.value ?? '')).toEqual({ ...withPath, taps: 44.5 })
  expect(record?.headers['warnings']).toBe(JSON.stringify(MISMATCH))
})

test('a faulty path is refused, and a lenient purchase is stored with it', async () => {
  const faulty = { ...withPath, recorrido: [...stages, { etapa: 'pago', segundos: -1 }] }
  const fault = {
    pointer: '/recorrido/2/segundos',
    code: 'range',
    detail: 'must be a number of seconds, 0 or more',
  }
  const refused = await post(faulty)
  expect([refused.status, refused.answer.errors]).toEqual([422, [fault]])
  expect(refused.record).toBeUndefined()
  const { status, answer, record } = await post(faulty, { prefer: 'handling=lenient' })
  expect([status, answer.faults, answer.warnings]).toEqual([202, [fault], undefined])
  expect(JSON.parse(record?.value ?? '')).toEqual(faulty)
})

test.each([
  ['application/json', (records: object[]) => JSON.stringify(records)],
  ['application/x-ndjson', (records: object[]) => records.map((record) => JSON.stringify(record)).join('\n')],
])('in a batch of %s each has the result that it has alone', async (type, write) => {
  const { app } = startApp()
  const response = await app.request('/checkout/batch', {
    method: 'POST',
    headers: { 'content-type': type },
    body: write([
      withPath,
      { ...withPath, taps: 44.5 },
      { ...withPath, recorrido: [{ etapa: '', segundos: 1 }] },
    ]),
  })
  expect(await response.json()).toMatchObject({
    results: [
      { status: 202, accepted: expect.not.objectContaining({ warnings: expect.anything() }) },
      { status: 202, accepted: { warnings: MISMATCH } },
      { status: 422, problem: { errors: [{ pointer: '/recorrido/0/etapa', code: 'missing' }] } },
    ],
  })
})

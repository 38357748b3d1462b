import { expect, test } from 'vitest'
import { ProblemError } from '../../backbone/problem.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { startApp } from '../testing/app.ts'

const json = JSON.stringify(boughtQuickly)
const outcome = {
  eventId: 'e',
  kind: 'quick',
  message: 'Estimad@ Scarlett',
  checkout: boughtQuickly,
  source: { partition: 3, offset: 0 },
}
const served = () => new Response(JSON.stringify({ status: 'classified', outcome }))

test('a waiting request is answered with the outcome and the position', async () => {
  const { post, results } = startApp()
  results.mockImplementation(async () => served())
  const response = await post(json, { prefer: 'respond-async, wait=5' })
  const body = (await response.json()) as { eventId: string }
  expect(response.status).toBe(200)
  expect(response.headers.get('preference-applied')).toBe('wait=5')
  expect(response.headers.get('location')).toBe(`/checkout/${body.eventId}`)
  expect(body).toEqual({
    eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
    status: 'classified',
    partition: 3,
    offset: 0,
    lane: 'purchase',
    outcome,
  })
  const asked = results.mock.calls[0]?.[0]
  expect([new URL(asked?.url ?? '').pathname, asked?.headers.get('prefer')]).toEqual([
    `/checkout/${body.eventId}`,
    'wait=5',
  ])
})

test('a wait beyond the maximum is shortened, and the answer reports it', async () => {
  const { post, results } = startApp()
  results.mockImplementation(async () => served())
  expect((await post(json, { prefer: 'wait=31' })).headers.get('preference-applied')).toBe('wait=30')
})

test('a repetition waits for the same outcome', async () => {
  const { post, results, publish } = startApp()
  await post(json)
  results.mockImplementation(async () => served())
  const again = await post(json, { prefer: 'wait=5' })
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
  expect(publish).toHaveBeenCalledOnce()
})

test.each([
  { name: 'no processor has it in time', answer: async () => new Response('{}', { status: 404 }) },
  { name: 'no processor answers', answer: () => Promise.reject(new ProblemError('results-unavailable')) },
  { name: 'the connection to the processor breaks', answer: async () => new Response('{"status":"clas') },
])('it stays 202 when $name', async ({ answer }) => {
  const { post, results } = startApp()
  results.mockImplementation(answer)
  const response = await post(json, { prefer: 'wait=1' })
  expect(response.status).toBe(202)
  expect(response.headers.has('preference-applied')).toBe(false)
  expect(await response.json()).toMatchObject({ status: 'accepted', offset: 0 })
})

test('it stays 202 when a processor does not answer within the wait', async () => {
  const { post, results } = startApp()
  results.mockImplementation(
    ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new ProblemError('draining'))),
      ),
  )
  const response = await post(json, { prefer: 'wait=1' })
  expect(response.status).toBe(202)
})

test.each(['wait=0', 'respond-async', 'wait=soon'])('%s waits for nothing', async (prefer) => {
  const { post, results } = startApp()
  expect((await post(json, { prefer })).status).toBe(202)
  expect(results).not.toHaveBeenCalled()
})

test('an outcome with the same event id but another body is not returned', async () => {
  const { post, results } = startApp()
  const other = {
    ...outcome,
    checkout: { ...boughtQuickly, folio: 'ABC-0001' },
    source: { partition: 3, offset: 4_711 },
  }
  results.mockImplementation(async () => Response.json({ status: 'classified', outcome: other }))
  const response = await post(json, { prefer: 'wait=5', 'idempotency-key': 'order-7' })
  expect([response.status, response.headers.get('preference-applied')]).toEqual([202, null])
  expect(await response.json()).toMatchObject({ status: 'accepted' })
})

test.each([
  { body: 'another body', folio: 'ABC-0001', status: 202 },
  { body: 'the same body', folio: boughtQuickly.folio, status: 200 },
])(
  'an outcome that was copied from another cluster, at the offset of this record, with $body: $status',
  async ({ folio, status }) => {
    const { post, results } = startApp()
    const copied = { ...outcome, checkout: { ...boughtQuickly, folio } }
    results.mockImplementation(async () =>
      Response.json({ status: 'classified', copied: true, outcome: copied }),
    )
    const response = await post(json, { prefer: 'wait=5', 'idempotency-key': 'order-7' })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ partition: 3, offset: 0 })
  },
)

test('a repetition that was stored again has the outcome of the first record', async () => {
  const { post, results } = startApp()
  const first = { ...outcome, source: { partition: 3, offset: 4_711 } }
  results.mockImplementation(async () => Response.json({ status: 'classified', outcome: first }))
  expect((await post(json, { prefer: 'wait=5' })).status).toBe(200)
})

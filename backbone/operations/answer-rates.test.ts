import { expect, test } from 'vitest'
import { answerRate } from './answer-rates.ts'
import { gateway, simulate } from './testing/simulate.ts'

test('the plot and the table of the page count the same answers as refused', () => {
  const perSecond = { 202: 100, 207: 0, 400: 1, 422: 2, 429: 4, 499: 8, 500: 16, 503: 32, 504: 64 }
  const counts = (second: number) =>
    Object.fromEntries(Object.entries(perSecond).map(([status, rate]) => [status, rate * second]))
  const system = simulate()
  const { checkouts, verdicts } = system.run(10, (second) => {
    const answers = { purchase: counts(second), browse: counts(second), unknown: { 503: second } }
    system.publish(gateway('gateway-1', { gateway: { answers } }))
  })
  const inTable = (lane: 'purchase' | 'browse' | 'unknown') =>
    (['accepted', 'refused', 'invalid'] as const).map((kind) =>
      answerRate(kind, lane, checkouts?.perSecond ?? {}),
    )
  expect(inTable('purchase')).toEqual([100, 116, 11])
  expect(inTable('browse')).toEqual([100, 116, 11])
  expect(inTable('unknown')).toEqual([0, 1, 0])
  expect(system.tick().point).toMatchObject({
    purchases: 100,
    // Those of unknown lane are treated like purchases.
    refusedPurchases: 116 + 1,
    visits: 100,
    refusedVisits: 116,
  })
  expect(verdicts).toContainEqual(
    expect.objectContaining({
      code: 'some-purchases-refused',
      details: { perSecond: 117, percent: 54, status: '504' },
    }),
  )
})

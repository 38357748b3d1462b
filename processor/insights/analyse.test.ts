import { expect, test } from 'vitest'
import { analyse } from './analyse.ts'
import { type PlantedCause, purchasesOf } from './testing/generate-purchases.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
// 21:10 in Santiago.
const began = Date.parse('2026-11-30T00:10:00Z')
const planted: PlantedCause = { city: 'Ñuñoa', error: '51', from: began, bankShare: 0.5 }
const timeZone = 'America/Santiago'

function hourUntil(until: number, options: { seed: number; planted?: PlantedCause; isStaged?: boolean }) {
  const since = until - HOUR
  const beforeSince = since - 24 * HOUR
  const all = purchasesOf({ perMinute: 300, ...options }, beforeSince, until)
  const isNow = ({ at }: { at: number }) => at >= since
  return analyse({
    since,
    until,
    beforeSince,
    now: all.filter(isNow),
    before: all.filter((purchase) => !isNow(purchase)),
    sampled: undefined,
    timeZone,
  })
}

test.each([1, 2, 3])('a planted cause is named and worded two minutes after it began, seed %i', (seed) => {
  const { causes, text, purchases } = hourUntil(began + 2 * MINUTE, { seed, planted })
  console.log(text, purchases, causes)
  expect(causes).toHaveLength(1)
})
test('later', () => {
  const { causes, text, purchases, differences, stages } = hourUntil(began + 40 * MINUTE, {
    seed: 5,
    planted,
  })
  console.log(text, purchases, causes, stages)
  for (const d of differences)
    console.log(
      d.verdict,
      d.traits.map((t) => t.value).join('+'),
      d.of,
      d.slow,
      d.lift?.ratio.toFixed(2),
      d.adjusted?.ratio.toFixed(2),
      JSON.stringify(d.explainedBy),
    )
})
test('none', () => {
  const { causes, text, purchases, differences } = hourUntil(began + 40 * MINUTE, { seed: 5 })
  console.log(text, purchases, causes)
  for (const d of differences)
    console.log(
      d.verdict,
      d.traits.map((t) => t.value).join('+'),
      d.of,
      d.slow,
      d.lift?.ratio.toFixed(2),
      d.adjusted?.ratio.toFixed(2),
      JSON.stringify(d.explainedBy),
    )
})

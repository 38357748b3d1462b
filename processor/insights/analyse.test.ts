import { generateMersenne53Randomizer } from '@faker-js/faker'
import { expect, test } from 'vitest'
import { analyse } from './analyse.ts'
import type { Purchase } from './purchase.ts'
import { createStore, type PlantedCause, purchasesOf } from './testing/generate-purchases.ts'
import { watchStore } from './testing/watch-store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
// 21:10 in Santiago.
const began = Date.parse('2026-11-30T00:10:00Z')
const planted: PlantedCause = { city: 'Ñuñoa', error: '51', from: began, share: 0.5 }
const timeZone = 'America/Santiago'

interface Given {
  seed: number
  perMinute?: number
  planted?: PlantedCause
  isStaged?: boolean
}

function ask(purchases: readonly Purchase[], since: number, until: number) {
  const now = purchases.filter(({ at }) => at >= since)
  const before = purchases.filter(({ at }) => at < since)
  return analyse({ since, until, beforeSince: since - DAY, now, before, sampled: undefined, timeZone })
}

const askAboutAnHour = (until: number, { perMinute = 100, ...given }: Given) =>
  ask(purchasesOf({ perMinute, ...given }, until - HOUR - DAY, until), until - HOUR, until)

const named = ({ causes }: ReturnType<typeof analyse>) =>
  causes.map(({ traits }) => traits.map(({ value }) => value).join(', '))

test.each([1, 2, 3])('a planted cause is named and worded two minutes after its start, seed %i', (seed) => {
  const answer = askAboutAnHour(began + 2 * MINUTE, { seed, perMinute: 200, planted })
  expect(named(answer)).toEqual(['Ñuñoa, 51'])
  expect(answer.text.en).toMatch(
    /Purchases in Ñuñoa have been slow \d+\.\d times as often as others since 21:(10|11): /,
  )
  expect(answer.text.en).toMatch(
    /\d+ of \d+ slow ones had error 51\. Payment took \d+ of \d+ minutes there\.$/,
  )
  expect(answer.text.es).toMatch(
    /Desde las 21:(10|11), las compras en Ñuñoa son lentas con \d+,\d veces la frecuencia/,
  )
  expect(answer.text.es).toMatch(
    /\d+ de las \d+ lentas tuvieron el error 51\. Allí, el pago tomó \d+ de \d+ minutos\.$/,
  )
})

test('what has just begun is named, though it hardly shows in all of the hour', () => {
  const slowProduct: PlantedCause = { product: 'Producto 5', from: began, share: 0.5 }
  const answer = askAboutAnHour(began + 9 * MINUTE, { seed: 17, perMinute: 200, planted: slowProduct })
  expect(named(answer)).toEqual(['Producto 5'])
  const ofTheHour = answer.differences.find(({ traits }) => traits[0]?.value === 'Producto 5')
  // Over all of the hour, a cause must be 1.5 times as slow.
  expect(ofTheHour?.lift?.ratio).toBeLessThan(1.5)
})

test('the numbers of a cause are those of the purchases since its start', () => {
  const until = began + 50 * MINUTE
  const purchases = purchasesOf({ seed: 6, perMinute: 100, planted }, until - HOUR - DAY, until)
  const answer = ask(purchases, until - HOUR, until)
  const since = Date.parse(answer.causes[0]?.since ?? '')
  expect(Math.abs(since - began)).toBeLessThanOrEqual(2 * MINUTE)
  const there = purchases.filter(({ at, city }) => at >= since && city === 'Ñuñoa')
  const met = there.filter(({ stages }) => stages.some(({ error }) => error === '51'))
  const slow = (of: Purchase[]) => of.filter(({ isSlow }) => isSlow).length
  expect(answer.causes).toMatchObject([
    {
      isComparedWithBefore: true,
      until: null,
      during: { of: met.length, slow: slow(met) },
      among: { of: there.length, slow: slow(there) },
      stage: { stage: 'pago' },
    },
  ])
  const verdictOf = (...values: string[]) =>
    answer.differences.find(({ traits }) => traits.map(({ value }) => value).join() === values.join())
  const explainedBy = [
    { factor: 'city', value: 'Ñuñoa' },
    { factor: 'error', value: '51' },
  ]
  expect(verdictOf('Ñuñoa', '51')).toMatchObject({ verdict: 'cause' })
  expect(verdictOf('Ñuñoa')).toMatchObject({ verdict: 'explained', explainedBy })
  expect(verdictOf('51')).toMatchObject({ verdict: 'explained', explainedBy })
  expect(answer.stages[0]).toMatchObject({ stage: 'pago' })
  expect(answer.stages.reduce((sum, { shareOfExcess }) => sum + shareOfExcess, 0)).toBeCloseTo(1, 9)
})

test('a cause that is over has an end', () => {
  const over: PlantedCause = { ...planted, until: began + 15 * MINUTE }
  const answer = askAboutAnHour(began + 55 * MINUTE, { seed: 7, perMinute: 150, planted: over })
  expect(named(answer)).toEqual(['Ñuñoa, 51'])
  expect(answer.text.en).toMatch(
    /Purchases in Ñuñoa were slow \d+\.\d times as often as others from 21:\d\d to 21:2\d:/,
  )
  expect(answer.text.es).toMatch(/Desde las 21:\d\d hasta las 21:2\d, las compras en Ñuñoa fueron lentas/)
})

test('without stages the city is named', () => {
  const answer = askAboutAnHour(began + 40 * MINUTE, { seed: 8, perMinute: 200, planted, isStaged: false })
  expect(named(answer)).toEqual(['Ñuñoa'])
  expect(answer).toMatchObject({ staged: 0, stages: [], causes: [{ stage: null }] })
})

test('no cause is named on ten days without one, asked about each minute', () => {
  const store = createStore({ seed: 9, perMinute: 12 })
  const watch = watchStore(timeZone)
  let minute = began
  for (; minute < began + 2 * DAY; minute += MINUTE) watch.add(store.minute(minute))
  for (; minute < began + 12 * DAY; minute += MINUTE) {
    watch.add(store.minute(minute))
    for (const { causes } of watch.look()) expect(causes).toEqual([])
  }
})

test('a city that is slow only for what it buys, and slow products, are no causes', () => {
  const until = began + 12 * HOUR
  const answer = ask(purchasesOf({ seed: 10, perMinute: 80 }, until - 2 * DAY, until), until - DAY, until)
  expect(answer.causes).toEqual([])
  const verdictOf = (value: string) => answer.differences.find(({ traits }) => traits[0]?.value === value)
  expect(verdictOf('Providencia')).toMatchObject({
    verdict: 'explained',
    explainedBy: [{ factor: 'product' }],
  })
  expect(verdictOf('Producto 12')).toMatchObject({ verdict: 'usual' })
  expect(answer.text.en).toMatch(/No cause stands out\. The catalogue took \d+ of \d+ minutes\.$/)
  expect(answer.text.es).toMatch(/No se destaca ninguna causa\. El catálogo tomó \d+ de \d+ minutos\.$/)
})

test('a city that begins to buy what is slow everywhere is no cause', () => {
  const until = began + HOUR
  const random = generateMersenne53Randomizer(11)
  const purchases = purchasesOf({ seed: 11, perMinute: 60, isStaged: false }, began - DAY, until)
  for (const purchase of purchases) {
    const { at, city } = purchase
    const isSofa = random.next() < (city === 'Temuco' && at >= began ? 0.9 : 0.1)
    if (isSofa) Object.assign(purchase, { product: 'Sofá', isSlow: random.next() < 0.6 })
  }
  const answer = ask(purchases, began, until)
  expect(answer.causes).toEqual([])
  const there = answer.differences.find(({ traits }) => traits[0]?.value === 'Temuco')
  expect(there).toMatchObject({ verdict: 'explained', explainedBy: [{ factor: 'product' }] })
  expect(there?.lift?.ratio).toBeGreaterThan(2)
  expect(there?.adjusted?.interval[0]).toBeLessThan(1.1)
})

test('an error in all cities is named without a city', () => {
  const until = began + 30 * MINUTE
  const purchases = purchasesOf({ seed: 12, perMinute: 60 }, until - HOUR - DAY, until)
  const failing = { isSlow: true, minutes: 45, stages: [{ stage: 'pago', seconds: 2_700, error: '91' }] }
  for (const [index, purchase] of purchases.entries())
    if (purchase.at >= began && index % 5 === 0) Object.assign(purchase, failing)
  const answer = ask(purchases, until - HOUR, until)
  expect(named(answer)).toEqual(['91'])
  expect(answer.text.en).toMatch(
    /Purchases with error 91 have been slow .* since 21:1[01]: \d+ of \d+ slow ones had error 91\./,
  )
})

test('a cause may be usual if nothing is known of the day before', () => {
  const until = began + 30 * MINUTE
  const purchases = purchasesOf({ seed: 13, perMinute: 60, planted }, began, until)
  const answer = ask(purchases, began - HOUR, until)
  expect(named(answer)).toEqual(['Ñuñoa, 51'])
  expect(answer).toMatchObject({ before: null, causes: [{ isComparedWithBefore: false, since: null }] })
  expect(answer.text.en).toContain('Whether that is usual is not known yet.')
  expect(answer.text.es).toContain('Todavía no se sabe si eso es habitual.')
})

test('few slow purchases have no cause', () => {
  const since = began
  const [first] = purchasesOf({ seed: 14, perMinute: 60 }, since, since + MINUTE)
  const some = (slow: number) =>
    Array.from({ length: 20 }, (_, index) => ({ ...first!, eventId: `${index}`, isSlow: index < slow }))
  const text = (slow: number) => ask(some(slow), since, since + HOUR).text
  expect(text(1).en).toBe('1 of 20 purchases from 21:10 to 22:10 was slow (5%). That is too few to say why.')
  expect(text(1).es).toBe(
    'Desde las 21:10 hasta las 22:10, 1 de 20 compras fue lenta (5%). Son muy pocas para decir por qué.',
  )
  expect(text(7).en).toContain('That is too few to say why.')
  expect(text(8).en).toContain('No cause stands out.')
})

test('times of another day have a date, in the right number', () => {
  const one = purchasesOf({ seed: 16, perMinute: 60 }, began, began + MINUTE).slice(0, 1)
  const quick = one.map((purchase) => Object.assign(purchase, { isSlow: false }))
  // 22:30 on 29 November to 01:05 on 30 November.
  const { text } = ask(quick, began - DAY + 80 * MINUTE, began + 235 * MINUTE)
  expect(text.en).toBe('None of 1 purchase from 28 Nov 22:30 to 30 Nov 01:05 was slow.')
  expect(text.es).toBe(
    'Desde el 28 de noviembre a las 22:30 hasta el 30 de noviembre a la 01:05, ninguna de 1 compra fue lenta.',
  )
})

test('a sample says so', () => {
  const purchases = purchasesOf({ seed: 15, perMinute: 10 }, began, began + HOUR)
  const { text } = analyse({
    since: began,
    until: began + HOUR,
    beforeSince: began - DAY,
    now: purchases,
    before: [],
    sampled: { of: 1_000_000, read: purchases.length },
    timeZone,
  })
  expect(text.en).toContain(`These are figures of a random sample: ${purchases.length} of 1,000,000.`)
  expect(text.es).toContain(`Son cifras de una muestra al azar: ${purchases.length} de 1.000.000.`)
})

import { expect, test } from 'vitest'
import { analyse } from './analyse.ts'
import { keepFrequentNames } from './frequent-names.ts'
import type { Purchase, StageTime } from './purchase.ts'

const HOUR = 3_600_000
const until = Date.parse('2026-11-30T00:00:00Z')

const purchase = (number: number, stages: StageTime[]): Purchase => ({
  eventId: String(number),
  at: until - HOUR + number,
  isSlow: number % 4 === 0,
  minutes: number % 4 === 0 ? 50 : 10,
  product: 'Maleta',
  city: 'Ñuñoa',
  stages,
})
const purchases = (count: number, stagesOf: (number: number) => StageTime[]) =>
  Array.from({ length: count }, (_, number) => purchase(number, stagesOf(number)))

const namesIn = (kept: readonly Purchase[], nameOf: (stage: StageTime) => string | undefined) =>
  new Set(kept.flatMap(({ stages }) => stages.flatMap((stage) => nameOf(stage) ?? [])))

test('the 50 most frequent stages are kept', () => {
  const own = (number: number) => ({ stage: `stage ${number}`, seconds: 1 })
  const named = (count: number) => {
    const now = purchases(count, (number) => [{ stage: 'pago', seconds: 1 }, own(number)])
    return namesIn(now.map(keepFrequentNames(now)), ({ stage }) => stage)
  }
  expect(named(49).size).toBe(50)
  expect(named(50).size).toBe(50)
  expect(named(50)).toContain('pago')
})

test('the 100 most frequent errors are kept, and the stages of the others', () => {
  const named = (count: number) => {
    const now = purchases(count, (number) => [
      { stage: 'pago', seconds: 1, error: '51' },
      { stage: 'pago', seconds: 1, error: `error ${number}` },
    ])
    const kept = now.map(keepFrequentNames(now))
    expect(kept.every(({ stages }) => stages.length === 2)).toBe(true)
    return namesIn(kept, ({ error }) => error)
  }
  expect(named(99).size).toBe(100)
  expect(named(100).size).toBe(100)
  expect(named(100)).toContain('51')
})

test('of one purchase, the 5 most frequent errors are kept', () => {
  const errors = (count: number) =>
    Array.from({ length: count }, (_, number) => ({ stage: 'pago', seconds: 1, error: String(number) }))
  const now = [...purchases(3, () => errors(5)), purchase(3, errors(6))]
  const kept = now.map(keepFrequentNames(now))
  expect(kept.at(0)).toBe(now[0])
  expect([...namesIn(kept, ({ error }) => error)]).toEqual(['0', '1', '2', '3', '4'])
})

test('the time before has the same names', () => {
  const now = purchases(2, () => [{ stage: 'pago', seconds: 1, error: '51' }])
  const before = purchases(2, () => [
    { stage: 'pago', seconds: 1, error: '51' },
    { stage: 'otra', seconds: 1 },
  ])
  const kept = before.map(keepFrequentNames(now))
  expect(kept.map(({ stages }) => stages)).toEqual(now.map(({ stages }) => stages))
})

test('an answer stays short and names the cause, whatever names are written', () => {
  const now = purchases(400, (number) => [
    { stage: 'pago', seconds: number % 4 === 0 ? 2_400 : 60, ...(number % 4 === 0 && { error: '51' }) },
    ...Array.from({ length: 5 }, (_, each) => ({
      stage: `stage ${number} ${each}`,
      seconds: 1,
      error: `transaction ${number} ${each}`,
    })),
  ])
  const period = { since: until - HOUR, until, beforeSince: until - 25 * HOUR }
  const answer = analyse({ ...period, now, before: [], sampled: undefined, timeZone: 'America/Santiago' })
  expect(answer.stages.length).toBeLessThanOrEqual(50)
  expect(answer.causes.map(({ traits }) => traits.at(-1))).toEqual([{ factor: 'error', value: '51' }])
})

test.each(['constructor', '__proto__', 'toString'])('a stage may have the name %s', (stage) => {
  const now = purchases(400, (number) => [{ stage, seconds: number % 4 === 0 ? 2_400 : 60 }])
  const period = { since: until - HOUR, until, beforeSince: until - 25 * HOUR }
  const { text } = analyse({ ...period, now, before: [], sampled: undefined, timeZone: 'America/Santiago' })
  expect(text.en).toContain(`The stage “${stage}” took 40 of 50 minutes`)
  expect(text.es).toContain(`La etapa «${stage}» tomó 40 de 50 minutos`)
})

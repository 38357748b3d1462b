import { expect, test } from 'vitest'
import { faultNames } from './fault-names.ts'
import { planFaults } from './plan-faults.ts'
import { exposures } from './targets.ts'

const MINUTE = 60_000
const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed ${seed}`)

const tenMinutes = { seed, names: faultNames, runMs: 10 * MINUTE, everyMs: 15_000 }

test('the same seed makes the same plan, another seed another one', () => {
  expect(planFaults(tenMinutes)).toEqual(planFaults(tenMinutes))
  expect(planFaults({ ...tenMinutes, seed: seed ^ 1 })).not.toEqual(planFaults(tenMinutes))
})

test('ten minutes have a fault every 15 s or so, of nearly every kind, some of them two at a time', () => {
  const plan = planFaults(tenMinutes)
  expect(plan.length).toBeGreaterThan(28)
  expect(plan.length).toBeLessThan(60)
  expect(new Set(plan.map(({ name }) => name)).size).toBeGreaterThan(20)
  expect(new Set(plan.map(({ at }) => at)).size).toBeLessThan(plan.length)
})

test('no target is under two faults at once, and none during the quiet end', () => {
  const plan = planFaults({ ...tenMinutes, runMs: 60 * MINUTE })
  for (const [i, fault] of plan.entries()) {
    const until = fault.at + fault.lastsMs
    expect(until).toBeLessThanOrEqual(60 * MINUTE - 45_000)
    const meanwhile = plan
      .slice(i + 1)
      .filter(({ at }) => at < until + 1_000 * exposures[fault.name].settleSeconds)
    for (const { targets } of meanwhile)
      expect(targets.filter((target) => fault.targets.includes(target))).toEqual([])
  }
})

test('a fault named alone is the only one', () => {
  const plan = planFaults({ ...tenMinutes, names: ['kill-broker'] })
  expect(new Set(plan.map(({ name }) => name))).toEqual(new Set(['kill-broker']))
  expect(plan.length).toBeGreaterThan(20)
})

test('with --alone faults do not overlap, and every kind still occurs', () => {
  const plan = planFaults({ ...tenMinutes, runMs: 20 * MINUTE, alone: true })
  for (const [i, { at }] of plan.entries()) {
    const before = plan[i - 1]
    if (before) expect(at).toBeGreaterThanOrEqual(before.at + before.lastsMs + 15_000)
  }
  expect(new Set(plan.map(({ name }) => name)).size).toBeGreaterThan(20)
})

import { expect, test } from 'vitest'
import { checkLoad } from './options/check-load.ts'
import { readOptions } from './options/options.ts'
import { nameStage, planScenario } from './scenario-plan.ts'

function namesOf(scenario: object): string[] {
  const load = checkLoad({ scenarios: { a: scenario } })
  if (Array.isArray(load)) throw new Error(load.join())
  return Object.entries(load.scenarios).flatMap(([name, definition]) => {
    const plan = planScenario(name, definition)
    return plan.segments.map((segment) => nameStage(plan, segment))
  })
}

test.each([
  [{ executor: 'constant-arrival-rate', rate: 6, timeUnit: '1m', duration: '90s' }, ['90s at 6 per 1m']],
  [{ executor: 'constant-arrival-rate', rate: 1, timeUnit: '1000ms', duration: 5_000 }, ['5000ms at 1/s']],
  [
    {
      executor: 'ramping-arrival-rate',
      startRate: 10,
      stages: [
        { duration: '120s', target: 300 },
        { duration: '0.5h', target: 300 },
      ],
    },
    ['120s 10 → 300/s', '0.5h at 300/s'],
  ],
  [{ executor: 'constant-vus', vus: 20, duration: 'forever' }, ['forever at 20 VUs']],
  [{ executor: 'ramping-vus', stages: [{ duration: '60s', target: 5 }] }, ['60s 0 → 5 VUs']],
])('the stages of %j are named as they were written', (scenario, names) => {
  expect(namesOf(scenario)).toEqual(names)
})

test.each([
  [
    ['--stage', '90s:500', '--stage', '120s:500'],
    ['90s 0 → 500/s', '120s at 500/s'],
  ],
  [['--rate', '2.5', '--duration', '90s'], ['90s at 2.5/s']],
  [['smoke'], ['10s at 50/s']],
  [['smoke', '--duration', '90s'], ['1m30s at 50/s']],
  [['smoke', '--rate', '100'], ['10s at 100/s']],
  [['smoke', '--duration', '7041.6ms'], ['7.04s at 50/s']],
])('of %j as they are sent', async (args, names) => {
  const command = await readOptions(args)
  const plans = command.kind === 'load' ? command.options.plans : []
  expect(plans.flatMap((plan) => plan.segments.map((segment) => nameStage(plan, segment)))).toEqual(names)
})

import { expect, test } from 'vitest'
import { loadDefinitionSchema } from '../load-definition.ts'
import type { Progress } from '../progress.ts'
import { planScenario } from '../scenario-plan.ts'
import { createLoadFigures } from './load-figures.ts'

const { scenarios } = loadDefinitionSchema.parse({
  scenarios: {
    buyers: {
      executor: 'ramping-arrival-rate',
      startTime: '2s',
      stages: [
        { duration: '10s', target: 10 },
        { duration: '0s', target: 20 },
        { duration: '5s', target: 20 },
      ],
    },
    patient: { executor: 'constant-vus', vus: 3, startTime: '1s', duration: '30s' },
  },
})
const plans = Object.entries(scenarios).map(([name, scenario]) => planScenario(name, scenario))
const progress: Progress = {
  name: 'mine',
  target: 'http://127.0.0.1:8080',
  phase: 'sending',
  elapsedMs: 0,
  plannedMs: 31_000,
  askedRate: 10,
  canChangeRate: true,
  rateFactor: 1,
  sentRate: 10,
  sent: 7,
  accepted: 4,
  dropped: 0,
  retries: 0,
  inFlight: 0,
  duration: undefined,
  recentP99: [],
  failures: new Map([
    ['503', 2],
    ['timeout', 1],
  ]),
  delay: undefined,
  outstanding: 0,
  duplicated: 0,
  broken: [],
}

test('the stage of each scenario, as the results name it; the last one after the end', () => {
  const figuresOf = createLoadFigures({ name: 'mine', tags: {}, plans }, 'r')
  const stageAt = (elapsedMs: number, phase: Progress['phase'] = 'sending') =>
    figuresOf({ ...progress, elapsedMs, phase }, false).stage
  expect(stageAt(0)).toBe('not started')
  expect(stageAt(1_500)).toBe('patient 1: 30s at 3 VUs')
  expect(stageAt(2_000)).toBe('buyers 1: 10s 0 → 10/s, patient 1: 30s at 3 VUs')
  // Not the jump to another rate, which takes no time.
  expect(stageAt(12_000)).toBe('buyers 3: 5s at 20/s, patient 1: 30s at 3 VUs')
  expect(stageAt(40_000)).toBe('buyers 3: 5s at 20/s, patient 1: 30s at 3 VUs')
  // Interrupted then.
  expect(stageAt(1_500)).toBe('patient 1: 30s at 3 VUs')
  expect(stageAt(9_000, 'waiting for outcomes')).toBe('patient 1: 30s at 3 VUs')
})

test('counts since the start; no percentiles without answers; VUs have no planned rate', () => {
  const figuresOf = createLoadFigures({ name: 'mine', tags: {}, plans }, 'r')
  const figures = figuresOf({ ...progress, askedRate: undefined }, true)
  expect(figures).toMatchObject({ run: 'r', planned: 0, sent: 7, accepted: 4, failed: 3, ends: true })
  for (const name of ['p50', 'p99', 'delayP50', 'delayP99']) expect(figures).not.toHaveProperty(name)
})

test('the name has the tags, and names are as long as a gateway takes', () => {
  const tags = { machine: 'b', note: '🛒'.repeat(300) }
  const { name } = createLoadFigures({ name: 'mine', tags, plans }, 'r')(progress, false)
  expect(name).toMatch(/^mine machine=b note=🛒+$/u)
  expect(Array.from(name)).toHaveLength(200)
})

test('the start is not taken for known before the threads begin', () => {
  const figuresOf = createLoadFigures({ name: 'mine', tags: {}, plans }, 'r')
  figuresOf(progress, false)
  const { at, startedAt } = figuresOf({ ...progress, elapsedMs: 5_000 }, false)
  expect(at - startedAt).toBe(5_000)
})

test('the start does not move, and is that of sending', () => {
  const figuresOf = createLoadFigures({ name: 'mine', tags: {}, plans }, 'r')
  figuresOf({ ...progress, phase: 'connecting', elapsedMs: 20 }, false)
  const { at, startedAt } = figuresOf({ ...progress, elapsedMs: 1_000 }, false)
  expect(at - startedAt).toBe(1_000)
  expect(figuresOf({ ...progress, elapsedMs: 2_500 }, false).startedAt).toBe(startedAt)
})

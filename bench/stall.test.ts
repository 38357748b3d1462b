import { expect, test } from 'vitest'
import { quantileNames, quantiles } from './quantiles.ts'
import { answerAt, closedTheory, openTheory } from './stall.ts'

const PERIODS_MS = 100_000

test('clients that arrive every millisecond wait as the open model predicts', () => {
  const waits = Array.from({ length: PERIODS_MS }, (_, at) => answerAt(at) - at)
  const measured = quantiles(waits)
  const theory = openTheory()
  for (const name of quantileNames) expect(Math.abs(measured[name] - theory[name])).toBeLessThanOrEqual(1)
})

test('clients that wait for their answer and think wait as the closed model predicts', () => {
  const vus = 10
  const thinkMs = 40
  const waits = Array.from({ length: vus }, (_, vu) => {
    const ofVu: number[] = []
    for (let at = vu * 5; at < PERIODS_MS; ) {
      const answeredAt = answerAt(at)
      ofVu.push(answeredAt - at)
      at = answeredAt + thinkMs
    }
    return ofVu
  }).flat()
  const measured = quantiles(waits)
  const theory = closedTheory(vus, thinkMs)
  for (const name of ['p50', 'p90', 'p99'] as const) expect(measured[name]).toBeCloseTo(theory[name])
  // The first one arrives some time after the stall began.
  expect(measured.max).toBeLessThanOrEqual(theory.max)
  expect(measured.max).toBeGreaterThan(theory.max - thinkMs)
})

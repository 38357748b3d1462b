import { expect, test } from 'vitest'
import { createTimeline, longestSilenceMs, longestStallMs, type Observed, wellAgainAt } from './timeline.ts'

const START = 1_000_000

/** Ten acknowledgements a second for ten seconds, each with an outcome 50 ms later; `seconds` in `down` have none. */
function observed({
  down = [],
  refused = [],
  late = [],
}: Partial<Record<'down' | 'refused' | 'late', number[]>> = {}): Observed {
  const at = Array.from({ length: 100 }, (_, i) => START + i * 100 + 20).filter(
    (time) => !down.includes(Math.floor((time - START) / 1000)),
  )
  const wait = (time: number) => (late.includes(Math.floor((time - START) / 1000)) ? 4_000 : 50)
  return {
    rate: 10,
    startedAt: START,
    endedAt: START + 10_000,
    acks: { at: Float64Array.from(at), sinceDueMs: new Float32Array(at.length) },
    refusedAt: Float64Array.from(refused.map((second) => START + second * 1000 + 500)),
    partitions: new Map([
      [0, { records: Float64Array.from(at), outcomes: Float64Array.from(at, (time) => time + wait(time)) }],
    ]),
  }
}

test('seconds are counted from the start of the load', () => {
  const timeline = createTimeline(observed({ down: [3], refused: [3, 4], late: [5] }))
  expect(Array.from(timeline.acknowledged.slice(2, 6))).toEqual([10, 0, 10, 10])
  expect(Array.from(timeline.refused.slice(2, 6))).toEqual([0, 1, 1, 0])
  expect(Array.from(timeline.longestWaitMs.slice(4, 7))).toEqual([50, 4_000, 50])
})

test.each([
  ['nothing was wrong', {}, 3, 3],
  ['requests are still refused', { refused: [3, 4] }, 3, 5],
  ['nothing is acknowledged', { down: [3, 4, 5] }, 3, 6],
  ['records still wait for outcomes', { late: [4] }, 3, 5],
  ['a good second comes between two bad ones', { refused: [3, 5] }, 3, 6],
])('well again: %s', (_, wrong, from, well) => {
  const seen = observed(wrong)
  expect(wellAgainAt(seen, createTimeline(seen), START + from * 1000)).toBe(START + well * 1000)
})

test('a fault without a recovery by the end of the load counts as not recovered', () => {
  const seen = observed({ refused: [8, 9] })
  expect(wellAgainAt(seen, createTimeline(seen), START + 8_000)).toBeUndefined()
})

test('the longest silence is between acknowledgements, and at either end', () => {
  const at = Float64Array.of(100, 200, 900, 1_000)
  expect(longestSilenceMs(at, 0, 1_000)).toBe(700)
  expect(longestSilenceMs(at, 300, 800)).toBe(500)
  expect(longestSilenceMs(at, 950, 5_000)).toBe(4_000)
})

test('a partition stalls while records wait, not while none come', () => {
  const waiting = {
    records: Float64Array.of(0, 1_000, 1_100, 9_000),
    outcomes: Float64Array.of(50, 5_000, 5_010, 9_050),
  }
  expect(longestStallMs(new Map([[0, waiting]]), 900, 10_000)).toBe(4_000)
  expect(longestStallMs(new Map([[0, waiting]]), 8_000, 10_000)).toBe(50)
})

import { expect, test } from 'vitest'
import { quantile } from '../backbone/figures/latency-buckets.ts'
import type { Outcome, OutcomeKind } from '../backbone/records/outcome.ts'
import { createDecisionCounts, processorFigures } from './figures.ts'

const decided = (kind: OutcomeKind, receivedAt: number) => ({
  offset: 0,
  owner: '',
  outcome: { kind } as Outcome,
  receivedAt,
})

test('committed outcomes count by kind and by the time since they were received, repetitions alone', () => {
  const decisions = createDecisionCounts(() => 10_000)
  decisions.count([decided('quick', 9_000), decided('none', 9_990), { offset: 1, owner: '' }])
  decisions.count([decided('quick', 9_000), { offset: 2, owner: '' }])
  const { outcomes, repetitions, delay } = decisions.figures()
  expect({ outcomes, repetitions }).toEqual({ outcomes: { quick: 2, none: 1 }, repetitions: 2 })
  expect(quantile(delay, 0.1)).toBeCloseTo(10, 0)
  expect((quantile(delay, 0.9) ?? 0) / 1_000).toBeCloseTo(1, 1)
})

test('a processor that does not know the topics yet has figures, too', () => {
  const sources = { decisions: createDecisionCounts(), streams: { open: () => 2 }, servesResults: false }
  const unknown = processorFigures({ ...sources, progress: undefined })
  const starting = { claimed: () => [], readModelLag: () => Number.POSITIVE_INFINITY }
  expect(processorFigures({ ...sources, progress: starting })).toEqual(unknown)
  expect(JSON.parse(JSON.stringify(unknown))).toEqual({
    role: 'processor',
    processor: {
      outcomes: {},
      repetitions: 0,
      delay: {},
      partitions: [],
      servesResults: false,
      readModelLag: 0,
      streams: 2,
    },
  })
})

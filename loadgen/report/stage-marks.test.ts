import { expect, test } from 'vitest'
import { marksOf } from './stage-marks.ts'
import { testResult, testSlice } from './test-result.ts'

const stages = [testSlice('1: 20s at 0.1/s', [1, 2], 20), testSlice('3: 10s at 0.3/s', [1, 2, 3], 10)]

test('stages of one scenario follow each other', () => {
  expect(marksOf(testResult({ stages, seconds: 30 }).load)).toEqual([
    { at: 0, text: '1', stage: '1: 20s at 0.1/s' },
    { at: 20, text: '3', stage: '3: 10s at 0.3/s' },
  ])
})

test('a scenario that starts later ends with the sending', () => {
  expect(marksOf(testResult({ stages, seconds: 35 }).load).map(({ at }) => at)).toEqual([5, 25])
})

test('a rate that was changed by hand is marked among them', () => {
  const marks = marksOf(testResult({ stages, seconds: 30, rateChanges: [{ at: 7, factor: 1.21 }] }).load)
  expect(marks.map(({ text }) => text)).toEqual(['1', '×1.21', '3'])
})

test('where it cannot be known when they began, nothing is marked', () => {
  const silent = [...stages, testSlice('4: 10s at 1/s', [], 10)]
  expect(marksOf(testResult({ stages: silent, seconds: 40 }).load)).toEqual([])
  const scenarios = ['a', 'b'].map((name) => testSlice(name, [1], 30))
  expect(marksOf(testResult({ stages, scenarios, seconds: 30 }).load)).toEqual([])
})

import { expect, test, vi } from 'vitest'
import { createOverloadWatch } from './figures.ts'

test('overload begins with the first refused checkout, and ends after ten seconds without one', () => {
  const report = vi.fn()
  let overloaded = 5
  const look = createOverloadWatch(
    report,
    { overloaded: () => overloaded },
    { load: () => ({ inFlight: 90, limit: 80 }) },
  )
  const codes = () => report.mock.calls.map(([code]: unknown[]) => code)
  look()
  expect(codes()).toEqual([])
  overloaded += 3
  look()
  expect(report.mock.calls).toEqual([['overload-began', { refused: 3, limit: 80 }]])
  for (let second = 0; second < 9; second++) look()
  overloaded++
  for (let second = 0; second < 10; second++) look()
  expect(codes()).toEqual(['overload-began'])
  look()
  expect(codes()).toEqual(['overload-began', 'overload-ended'])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { collectMoves } from './collect-moves.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('partitions that move together are one event, what happens to them in its order', () => {
  const report = vi.fn()
  const moves = collectMoves(report)
  for (let partition = 0; partition < 500; partition++) moves.add('partition-released', partition)
  vi.advanceTimersByTime(500)
  moves.add('partition-claimed', 3)
  moves.add('partition-claimed', 1)
  expect(report.mock.calls).toEqual([['partition-released', { partitions: '0–499' }]])
  vi.advanceTimersByTime(1_000)
  expect(report).toHaveBeenLastCalledWith('partition-claimed', { partitions: '1, 3' })
  vi.advanceTimersByTime(60_000)
  expect(report).toHaveBeenCalledTimes(2)
})

test('claims that take long are reported every ten seconds; a shutdown does not wait', () => {
  const report = vi.fn()
  const moves = collectMoves(report)
  for (let partition = 0; partition < 25; partition++) {
    moves.add('partition-claimed', partition)
    vi.advanceTimersByTime(500)
  }
  expect(report.mock.calls).toEqual([['partition-claimed', { partitions: '0–19' }]])
  moves.report()
  expect(report).toHaveBeenLastCalledWith('partition-claimed', { partitions: '20, 21, 22, 23, 24' })
  moves.report()
  vi.advanceTimersByTime(60_000)
  expect(report).toHaveBeenCalledTimes(2)
})

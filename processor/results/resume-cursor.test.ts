import { describe, expect, test } from 'vitest'
import { emptyPartition, type PartitionState } from '../read-model/record.ts'
import { earliest, latest, resumeCursor } from './resume-cursor.ts'

const partition = (fields: Partial<PartitionState> = {}): PartitionState => ({
  ...emptyPartition(),
  next: 900,
  log: 'aaaaaaaa',
  ...fields,
})
const logs = ['aaaaaaaa', 'aaaaaaaa', 'aaaaaaaa']

test('continues at its position, without a gap', () => {
  const partitions = [partition(), partition({ first: 100 }), partition()]
  expect(resumeCursor({ next: [0, 100, 900], logs }, partitions)).toEqual({
    next: [0, 100, 900],
    logs,
    gaps: [],
  })
})

test('reports a gap when it is older than the log', () => {
  const partitions = [partition({ first: 50 }), partition({ first: 100 }), partition()]
  expect(resumeCursor({ next: [50, 99, 7], logs }, partitions)).toEqual({
    next: [50, 100, 7],
    logs,
    gaps: [{ partition: 1, from: 99, to: 100 }],
  })
})

test('may be ahead of this member', () => {
  expect(resumeCursor({ next: [2_000], logs }, [partition()])).toMatchObject({ next: [2_000], gaps: [] })
})

test('keeps its position in partitions that only another member knows yet', () => {
  const here = resumeCursor({ next: [5, 6, 7], logs }, [partition()])
  expect(here).toEqual({ next: [5, 6, 7], logs, gaps: [] })
  expect(resumeCursor(here, [partition(), partition(), partition()]).next).toEqual([5, 6, 7])
})

describe('when the log was recreated', () => {
  test.each([0, 40, 900, 5_000])('starts at its beginning, after a gap, from %i', (from) => {
    const anew = [partition({ log: 'bbbbbbbb', first: 3 }), partition()]
    expect(resumeCursor({ next: [from, 10], logs }, anew)).toEqual({
      next: [3, 10],
      logs: ['bbbbbbbb', 'aaaaaaaa'],
      gaps: [{ partition: 0, from, to: 3 }],
    })
  })

  test.each([
    ['the cursor was made before anything was in it', '', 'bbbbbbbb', 'bbbbbbbb'],
    ['nothing is known of it here yet', 'aaaaaaaa', '', 'aaaaaaaa'],
    ['neither knows', '', '', ''],
  ])('it is unknown while %s, and the position is kept', (_, then, now, kept) => {
    expect(resumeCursor({ next: [12], logs: [then] }, [partition({ log: now })])).toEqual({
      next: [12],
      logs: [kept],
      gaps: [],
    })
  })
})

describe('a partition that the cursor does not know', () => {
  test('starts at 0', () => {
    const { next, gaps } = resumeCursor({ next: [5], logs: ['aaaaaaaa'] }, [partition(), partition()])
    expect({ next, gaps }).toEqual({ next: [5, 0], gaps: [] })
  })

  test('reports its gap', () => {
    const partitions = [partition(), partition({ first: 60 })]
    expect(resumeCursor({ next: [5], logs: ['aaaaaaaa'] }, partitions)).toEqual({
      next: [5, 60],
      logs: ['aaaaaaaa', 'aaaaaaaa'],
      gaps: [{ partition: 1, from: 0, to: 60 }],
    })
  })
})

test('earliest is before all kept records, latest after them', () => {
  const partitions = [partition({ first: 4 }), emptyPartition()]
  expect(earliest(partitions)).toEqual({ next: [4, 0], logs: ['aaaaaaaa', ''] })
  expect(latest(partitions)).toEqual({ next: [900, 0], logs: ['aaaaaaaa', ''] })
})

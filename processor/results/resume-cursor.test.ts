import { describe, expect, test } from 'vitest'
import { emptyPartition, type PartitionState } from '../read-model/record.ts'
import { earliest, latest, newest, resumeCursor, resumeDescending } from './resume-cursor.ts'

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

describe('when the log was copied from another cluster', () => {
  const copied = { since: 40, former: ['aaaaaaaa'] }
  const claimed = partition({ log: 'bbbbbbbb', first: 3, copied })

  test.each(['aaaaaaaa', ''])('a cursor of the other cluster gets a gap: log %o', (log) => {
    const { next, gaps } = resumeCursor({ next: [12], logs: [log] }, [claimed])
    expect({ next, gaps }).toEqual({ next: [3], gaps: [{ partition: 0, from: 12, to: 3 }] })
    const descending = { before: [12], first: [3], logs: [log] }
    expect(resumeDescending(descending, [claimed]).gaps).toHaveLength(1)
  })

  test('a cursor of this cluster continues, also within the copy', () => {
    expect(resumeCursor({ next: [12], logs: ['bbbbbbbb'] }, [claimed])).toMatchObject({
      next: [12],
      gaps: [],
    })
    expect(resumeCursor({ next: [0], logs: [''] }, [partition({ log: 'bbbbbbbb', copied })]).gaps).toEqual([])
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

describe('towards older outcomes', () => {
  const cursor = { before: [500, 40, 0], first: [10, 10, 0], logs }

  test.each<[string, Partial<PartitionState>, { before: number; first: number }, object[]]>([
    ['continues while nothing was removed', { first: 10 }, { before: 500, first: 10 }, []],
    ['continues on a member that knows of less retention', { first: 5 }, { before: 500, first: 10 }, []],
    ['reports what was removed', { first: 60 }, { before: 500, first: 60 }, [{ from: 10, to: 60 }]],
    ['up to where it is', { first: 700 }, { before: 500, first: 700 }, [{ from: 10, to: 500 }]],
    [
      'reports the rest of a log that was recreated',
      { first: 3, log: 'bbbbbbbb' },
      { before: 3, first: 3 },
      [{ from: 10, to: 500 }],
    ],
    ['waits while the log is unknown here', { first: 0, log: '' }, { before: 500, first: 10 }, []],
  ])('%s', (_, state, { before, first }, gaps) => {
    const resumed = resumeDescending(cursor, [partition(state), partition({ first: 10 }), partition()])
    expect(resumed).toMatchObject({
      before: [before, 40, 0],
      first: [first, 10, 0],
      gaps: gaps.map((gap) => ({ partition: 0, ...gap })),
    })
  })

  test('has no gap where it had read everything', () => {
    const done = { before: [10], first: [10], logs: ['aaaaaaaa'] }
    for (const state of [{ first: 60 }, { first: 0, log: 'bbbbbbbb' }])
      expect(resumeDescending(done, [partition(state)]).gaps).toEqual([])
  })

  test('a partition that the cursor does not know has only newer outcomes', () => {
    const resumed = resumeDescending(
      cursor,
      Array.from({ length: 5 }, () => partition({ first: 0 })),
    )
    expect(resumed.before).toEqual([500, 40, 0])
  })

  test('starts after all existing outcomes', () => {
    expect(newest([partition({ first: 4 }), emptyPartition()])).toEqual({
      before: [900, 0],
      first: [4, 0],
      logs: ['aaaaaaaa', ''],
    })
  })
})

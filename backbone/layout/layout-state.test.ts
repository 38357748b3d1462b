import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LayoutRecord, readLayoutRecord, toLayoutMessage } from './layout-record.ts'
import { createLayoutState } from './layout-state.ts'

const planned = (version: number, from: number, to: number, begun = true): LayoutRecord => ({
  of: 'layout',
  version,
  planned: { partitions: to, former: { homes: from, partitions: from }, begun },
})
const switched = (version: number, partition: number, offset = 10): LayoutRecord => ({
  of: 'switched',
  version,
  partition,
  switched: { offset, log: '0a1b2c3d' },
})
const switches = (version: number, count: number) =>
  Array.from({ length: count }, (_, partition) => switched(version, partition))

function stateAfter(...records: LayoutRecord[]) {
  const state = createLayoutState(() => 8)
  for (const record of records) state.take(record)
  return state.current()
}

describe('a layout is in force', () => {
  test('when it has begun and all partitions of the former one have switched', () => {
    expect(stateAfter()).toEqual({ version: 0, homes: [8], change: undefined })
    expect(stateAfter(planned(1, 6, 12, false))).toMatchObject({
      version: 0,
      homes: [6],
      change: { begun: false },
    })
    expect(stateAfter(planned(1, 6, 12), ...switches(1, 5))).toMatchObject({
      version: 0,
      homes: [6],
      change: { version: 1, partitions: 12, switched: new Set([0, 1, 2, 3, 4]) },
    })
    expect(stateAfter(planned(1, 6, 12), ...switches(1, 6))).toEqual({
      version: 1,
      homes: [6, 12],
      change: undefined,
    })
  })

  test('also if its plan comes once more, later', () => {
    const all = [planned(1, 6, 12), ...switches(1, 6)]
    expect(stateAfter(...all, planned(1, 6, 12, false))).toEqual(stateAfter(...all))
  })

  test('one version after the other', () => {
    const first = [planned(1, 6, 9), ...switches(1, 6)]
    expect(stateAfter(...first, planned(2, 9, 12), ...switches(2, 8))).toMatchObject({
      version: 1,
      homes: [6, 9],
      change: { version: 2 },
    })
    expect(stateAfter(...first, planned(2, 9, 12), ...switches(2, 9))).toMatchObject({
      version: 2,
      homes: [6, 9, 12],
    })
  })

  test('whatever compaction has removed, and however often records were repeated', () => {
    const all = [planned(1, 6, 9), ...switches(1, 6), planned(2, 9, 12), ...switches(2, 9)]
    assert(
      property(array(constantFrom(...all)), (repeated) => {
        expect(stateAfter(planned(1, 6, 9, false), ...repeated, ...all)).toEqual(stateAfter(...all))
      }),
    )
  })
})

test('records are read as they were written, those of other systems are skipped', () => {
  for (const record of [planned(3, 6, 12), switched(3, 7)]) {
    const { key, value } = toLayoutMessage('DataTopic', record)
    const stored = { key: Buffer.from(key), value: Buffer.from(value) }
    expect(readLayoutRecord('DataTopic', stored)).toEqual(record)
    expect(readLayoutRecord('Data', stored)).toBeUndefined()
  }
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordHeaders, StoredRecord } from '../../backbone/records/record.ts'
import { type ClaimRecord, emptyPartition, type PartitionState } from '../read-model/record.ts'
import { dataRecord } from '../testing/records.ts'
import { readLog } from './read-log.ts'

const [HERE, THERE] = ['cluster-b', 'cluster-a']
const [OWN, OTHER] = ['b1b1b1b1', 'a1a1a1a1']

const claim = (cluster: string | undefined, more: RecordHeaders = {}): RecordHeaders => ({
  claim: 'member',
  member: 'processor-1',
  ...(cluster === undefined ? {} : { cluster }),
  ...more,
})
const outcome = (log: string): RecordHeaders => ({ log })
const naming = (log: string, copiedFrom?: string): RecordHeaders =>
  claim(HERE, { log, ...(copiedFrom === undefined ? {} : { 'copied-from': copiedFrom }) })

const recordsOf = (log: readonly RecordHeaders[]): StoredRecord[] =>
  log.map((headers, offset) => dataRecord(offset, headers['claim'] ? null : `${offset}`, { headers }))

/** Follows a log in batches of these sizes, and through a file between them. */
function follow(log: readonly RecordHeaders[], sizes: readonly number[] = [log.length], cluster = HERE) {
  const state: PartitionState = emptyPartition()
  const claims: ClaimRecord[] = []
  const counted: number[] = []
  let recreated = 0
  let late = 0
  const records = recordsOf(log)
  for (let at = 0, batch = 0; at < records.length; batch++) {
    const end = at + Math.max(1, sizes[batch % sizes.length] ?? 1)
    const isAnotherLog = (name: string) => state.log !== '' && name !== state.log
    const read = readLog(0, records.slice(at, end), {
      state,
      lastClaim: claims.at(-1),
      cluster,
      isAnotherLog,
    })
    counted.push(...read.records.flatMap(({ offset, value }) => (value === null ? [] : Number(offset))))
    claims.push(...read.claims)
    recreated += read.isAnother ? 1 : 0
    late += read.late
    Object.assign(state, { next: Math.min(end, records.length), log: read.log, copied: read.copied })
    at = end
  }
  return { counted, log: state.log, copied: state.copied, recreated, late }
}

const copy = [claim(THERE), claim(THERE, { log: OTHER }), outcome(OTHER), outcome(OTHER), claim(THERE)]
const takenOver = [...copy, outcome(OTHER), claim(HERE), naming(OWN, OTHER), outcome(OWN)]

test('a log of one cluster counts completely, with claims of earlier versions, too', () => {
  const log = [claim(undefined), claim(undefined, { log: OWN }), outcome(OWN), claim(HERE), outcome(OWN), {}]
  expect(follow(log)).toEqual({ counted: [2, 4, 5], log: OWN, copied: undefined, recreated: 0, late: 0 })
})

test('claims of another cluster show a copy, which counts until an owner names it', () => {
  expect(follow(copy)).toMatchObject({
    counted: [2, 3],
    log: OTHER,
    copied: { since: undefined, former: [] },
  })
  expect(follow([claim(undefined, { log: OTHER }), outcome(OTHER), claim(THERE)]).copied).toBeDefined()
  expect(follow(takenOver)).toEqual({
    counted: [2, 3, 5, 8],
    log: OWN,
    copied: { since: 7, former: [OTHER] },
    recreated: 0,
    late: 0,
  })
})

describe('what is copied after that does not count', () => {
  test('outcomes, claims, and outcomes of a log that was recreated on the other cluster', () => {
    const late = [outcome(OTHER), claim(THERE, { log: 'a2a2a2a2' }), outcome('a2a2a2a2'), outcome('a3a3a3a3')]
    expect(follow([...takenOver, ...late, outcome(OWN), claim(HERE), outcome(OWN)])).toEqual({
      counted: [2, 3, 5, 8, 13, 15],
      log: OWN,
      copied: { since: 7, former: [OTHER, 'a2a2a2a2', 'a3a3a3a3'] },
      recreated: 0,
      late: 3,
    })
  })

  test('between the two claims of the new owner, it still does', () => {
    const log = [...copy, claim(HERE), claim(THERE), outcome(OTHER), naming(OWN, OTHER), outcome(OTHER)]
    expect(follow(log)).toMatchObject({ counted: [2, 3, 7], log: OWN, copied: { since: 8 }, late: 1 })
  })

  test('into a log that was never a copy', () => {
    const log = [claim(HERE), naming(OWN), outcome(OWN), ...copy, outcome(OWN)]
    expect(follow(log)).toMatchObject({
      counted: [2, 8],
      log: OWN,
      copied: { since: 0 },
      recreated: 0,
      late: 2,
    })
  })
})

test('a copy of a copy is named a second time', () => {
  const log = [...takenOver, claim('cluster-c'), claim('cluster-c', { log: 'c1c1c1c1', 'copied-from': OWN })]
  expect(follow([...log, outcome('c1c1c1c1'), outcome(OWN)], undefined, 'cluster-c')).toMatchObject({
    counted: [2, 3, 5, 8, 11],
    log: 'c1c1c1c1',
    copied: { since: 10, former: [OTHER, OWN] },
    late: 1,
  })
})

describe('a log that was copied to another cluster and back', () => {
  const [FIRST, SECOND, THIRD] = [HERE, THERE, HERE]
  const names = ['a1a1a1a1', 'b1b1b1b1', 'a2a2a2a2'] as const
  const named = (cluster: string, log: string, copiedFrom: string) =>
    claim(cluster, { log, 'copied-from': copiedFrom })
  const first = [claim(FIRST), claim(FIRST, { log: names[0] }), outcome(names[0]), claim(FIRST)]
  const second = [claim(SECOND), named(SECOND, names[1], names[0]), outcome(names[1])]
  const lateOfFirst = [outcome(names[0]), claim(FIRST), outcome(names[0])]
  const back = [...first, ...second, ...lateOfFirst, outcome(names[1]), claim(SECOND), outcome(names[1])]
  const third = [claim(THIRD), named(THIRD, names[2], names[1]), outcome(names[2])]

  test('counts as the other one left it, until an owner here names it again', () => {
    expect(follow(back)).toEqual({
      counted: [2, 6, 10, 12],
      log: names[1],
      copied: { since: undefined, former: [names[0]] },
      recreated: 0,
      late: 0,
    })
    expect(follow([...back, ...third, outcome(names[1]), outcome(names[0]), outcome(names[2])])).toEqual({
      counted: [2, 6, 10, 12, 15, 18],
      log: names[2],
      copied: { since: 14, former: [names[0], names[1]] },
      recreated: 0,
      late: 2,
    })
  })

  test('without what the first one appended too late to a partition that the other one had added', () => {
    const own = [claim(SECOND), claim(SECOND, { log: names[1] }), outcome(names[1])]
    const late = [claim(FIRST), claim(FIRST, { log: names[0] }), outcome(names[0])]
    for (const cluster of [FIRST, SECOND])
      expect(follow([...own, ...late, outcome(names[1])], [1, 3], cluster)).toMatchObject({
        counted: [2, 6],
        log: names[1],
        recreated: 0,
      })
  })

  test('without what retention has removed', () => {
    expect(follow([...back, ...third].slice(5))).toMatchObject({
      counted: [1, 5, 7, 10],
      log: names[2],
      copied: { since: 9, former: [names[0], names[1]] },
      recreated: 0,
    })
  })

  test('without a name, and its outcomes, that was copied after a third one had taken over', () => {
    const [LOST, TAKEN] = ['a3a3a3a3', 'c1c1c1c1']
    const taken = [claim('cluster-c'), named('cluster-c', TAKEN, names[1]), outcome(TAKEN)]
    const late = [claim(FIRST), named(FIRST, LOST, names[1]), outcome(LOST)]
    const log = [...first, ...second, ...taken, ...late, outcome(TAKEN)]
    for (const cluster of [FIRST, SECOND, 'cluster-c'])
      expect(follow(log, [2, 3], cluster)).toMatchObject({ counted: [2, 6, 9, 13], log: TAKEN, recreated: 0 })
    expect(follow(log).copied).toEqual({ since: undefined, former: [names[0], names[1], LOST] })
  })

  test('counts the same on each cluster, whatever comes late and however it is batched', () => {
    const one = (...of: RecordHeaders[]) => fc.constantFrom(...of.map((record) => [record]))
    // Names a log that is not the present one, any more or yet.
    const lateNaming = (copiedFrom: string) =>
      fc
        .constantFrom(FIRST, SECOND, 'cluster-c')
        .map((cluster) => [named(cluster, 'd1d1d1d1', copiedFrom), outcome('d1d1d1d1')])
    const ofFirst = fc.oneof(one(outcome(names[0]), claim(FIRST)), lateNaming('e1e1e1e1'))
    const ofSecond = fc.oneof(
      ofFirst,
      one(outcome(names[1]), claim(SECOND), claim(THIRD)),
      lateNaming(names[0]),
    )
    const ofThird = fc.oneof(ofSecond, one(outcome(names[2])), lateNaming(names[1]))
    const some = (of: fc.Arbitrary<RecordHeaders[]>) =>
      fc.array(of, { maxLength: 8 }).map((parts) => parts.flat())
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(some(ofFirst), some(ofSecond), some(ofThird), sizes, (begin, two, three, cut) => {
        const parts = [
          [...first, ...begin],
          [...second, ...two],
          [...third, ...three],
        ]
        const expected = parts.flatMap((part, index) =>
          part.map(({ log, claim: by }) => !by && log === names[index]),
        )
        const counted = [...expected.keys()].filter((offset) => expected[offset])
        for (const cluster of [FIRST, SECOND, 'cluster-c'])
          for (const batches of [undefined, cut])
            expect(follow(parts.flat(), batches, cluster)).toMatchObject({
              counted,
              log: names[2],
              recreated: 0,
            })
      }),
    )
  })
})

test('without the copied records, which retention has removed, the claim tells the former name', () => {
  expect(follow([naming(OWN, OTHER), outcome(OWN), outcome(OTHER)])).toMatchObject({
    counted: [1],
    copied: { since: 0, former: [OTHER] },
  })
  // On the other clusters, too.
  const log = [claim(THERE), claim(HERE), naming(OWN, OTHER), outcome(OWN), outcome(OTHER)]
  for (const [cluster, since] of [
    [HERE, 2],
    [THERE, undefined],
    ['cluster-c', undefined],
  ] as const)
    expect(follow(log, [1], cluster)).toMatchObject({
      counted: [3],
      log: OWN,
      copied: { since, former: [OTHER] },
    })
})

test('a claim of this cluster with another name shows that the topic was recreated', () => {
  expect(follow([...takenOver, naming('b2b2b2b2')], [8, 9]).recreated).toBe(1)
  expect(follow([naming(OWN), outcome(OWN), outcome('b2b2b2b2')], [2, 1]).recreated).toBe(1)
})

test('every reader comes to the same result, however the records are batched', () => {
  const ofOther = fc.constantFrom(outcome(OTHER), outcome(OTHER), claim(THERE), claim(THERE, { log: OTHER }))
  const mixed = fc.oneof(ofOther, fc.constantFrom(outcome(OWN), outcome(OWN), claim(HERE), claim(THERE)))
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(
      fc.array(ofOther, { maxLength: 12 }),
      fc.array(mixed, { maxLength: 20 }),
      sizes,
      (before, after, cut) => {
        const begin = claim(THERE, { log: OTHER })
        const log = [begin, ...before, claim(HERE), naming(OWN, OTHER), ...after]
        const once = follow(log)
        expect(follow(log, cut)).toEqual(once)
        const since = before.length + 2
        const isCounted = (headers: RecordHeaders, offset: number) =>
          headers['claim'] === undefined && (offset < since || headers['log'] === OWN)
        expect(once.counted).toEqual([...log.keys()].filter((offset) => isCounted(log[offset] ?? {}, offset)))
        expect(once).toMatchObject({ log: OWN, copied: { since }, recreated: 0 })
      },
    ),
  )
})

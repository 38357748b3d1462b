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
      late: 4,
    })
  })

  test('between the two claims of the new owner, it still does', () => {
    const log = [...copy, claim(HERE), claim(THERE), outcome(OTHER), naming(OWN, OTHER), outcome(OTHER)]
    expect(follow(log)).toMatchObject({ counted: [2, 3, 7], log: OWN, copied: { since: 8 }, late: 2 })
  })

  test('into a log that was never a copy', () => {
    const log = [claim(HERE), naming(OWN), outcome(OWN), ...copy, outcome(OWN)]
    expect(follow(log)).toMatchObject({
      counted: [2, 8],
      log: OWN,
      copied: { since: 0 },
      recreated: 0,
      late: 5,
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

test('without the copied records, which retention has removed, the claim tells the former name', () => {
  expect(follow([naming(OWN, OTHER), outcome(OWN), outcome(OTHER)])).toMatchObject({
    counted: [1],
    copied: { since: 0, former: [OTHER] },
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

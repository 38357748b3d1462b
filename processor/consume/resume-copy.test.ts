import { describe, expect, test } from 'vitest'
import { conflictIdOf, eventIdOfInvalid } from '../../backbone/records/event-id.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'
import { decidedUntilOf, findRejected, MARGIN_MS, readCopiedOutcomes } from './resume-copy.ts'

const PARTITION = 1
const NOON = Date.UTC(2026, 10, 30, 12)
const at = (ms: number) => new Date(NOON + ms).toISOString()
const readModels = createTestReadModels()

describe('until when all records of the copy are decided', () => {
  test.each<[string, Pick<Outcome, 'receivedAt' | 'classifiedAt' | 'redrive'>[], number]>([
    ['before the receipt of the newest outcomes', [{ receivedAt: at(0), classifiedAt: at(50) }], 0],
    [
      'by the earliest of several clocks',
      [
        { receivedAt: at(900), classifiedAt: at(950) },
        { receivedAt: at(300), classifiedAt: at(940) },
      ],
      300,
    ],
    [
      'not by a time in the future, which another program has set',
      [{ receivedAt: at(86_400_000), classifiedAt: at(50) }],
      50,
    ],
    [
      'by when a dead letter was sent again',
      [
        {
          receivedAt: at(-86_400_000),
          classifiedAt: at(70),
          redrive: { of: 'dead', by: 'web', at: at(60) },
        },
      ],
      60,
    ],
  ])('%s', (_, newest, expected) => {
    expect(decidedUntilOf(newest)).toBe(NOON + expected - MARGIN_MS)
  })

  test('is unknown without outcomes', () => expect(decidedUntilOf([])).toBeUndefined())
})

describe('a record that was rejected on the other cluster is recognised at another offset', () => {
  const bytes = Buffer.from('no JSON')
  const rejected = (eventId: string, offset: number, receivedAt = at(0)) => ({
    eventId,
    receivedAt,
    source: { partition: PARTITION, offset },
  })
  const invalidAt = (offset: number) => eventIdOfInvalid(bytes, PARTITION, offset)
  const conflictAt = (offset: number) => conflictIdOf('event', offset)

  test('an invalid one by its bytes and its time', () => {
    const wasRejected = findRejected(PARTITION, [rejected(invalidAt(70), 70)])
    expect(wasRejected(NOON, invalidAt)).toBe(true)
    expect(wasRejected(NOON + 1, invalidAt)).toBe(false)
    const other = Buffer.from('no JSON, either')
    expect(wasRejected(NOON, (offset) => eventIdOfInvalid(other, PARTITION, offset))).toBe(false)
    expect(wasRejected(Number.NaN, invalidAt)).toBe(false)
  })

  test('a conflict by its event and its time', () => {
    const wasRejected = findRejected(PARTITION, [
      rejected(conflictAt(70), 70),
      rejected(`${conflictAt(90)}-p${PARTITION}`, 90, at(5)),
    ])
    expect(wasRejected(NOON, conflictAt)).toBe(true)
    expect(wasRejected(NOON + 5, conflictAt)).toBe(true)
    expect(wasRejected(NOON + 9, conflictAt)).toBe(false)
    expect(wasRejected(NOON, (offset) => conflictIdOf('another', offset))).toBe(false)
  })
})

test('only the outcomes of the copy count, in its partition', async () => {
  const readModel = readModels.open({ keepInMemory: 10 })
  const given = (offset: number) => ({ classifiedAt: NOON + offset })
  await follow(readModel, 0, range(0, 5), (offset) => ({ classifiedAt: offset }))
  await follow(readModel, PARTITION, range(0, 3_000), given)
  const invalid = outcomeRecord(PARTITION, 3_000, {
    eventId: conflictIdOf('event', 3_000),
    kind: 'invalid',
    classifiedAt: NOON + 3_000,
  })
  await readModel.append(PARTITION, { records: [invalid], next: 3_001, resume: undefined, log: 'aaaaaaaa' })
  await follow(readModel, PARTITION, range(3_001, 5_000), (offset) => ({ classifiedAt: NOON - offset }))

  const { decidedUntil, wasRejected } = await readCopiedOutcomes(PARTITION, 3_001, readModel)
  expect(decidedUntil).toBe(NOON + 2_001 - MARGIN_MS)
  expect(wasRejected(NOON + 3_000, (offset) => conflictIdOf('event', offset))).toBe(true)
  const { wasRejected: before } = await readCopiedOutcomes(PARTITION, 3_000, readModel)
  expect(before(NOON + 3_000, (offset) => conflictIdOf('event', offset))).toBe(false)
  expect((await readCopiedOutcomes(2, 10, readModel)).decidedUntil).toBeUndefined()
})

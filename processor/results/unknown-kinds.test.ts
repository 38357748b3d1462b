import { describe, expect, test } from 'vitest'
import { kindSchema, type Outcome } from '../../backbone/records/outcome.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { readOutcome } from '../follow/read-outcome.ts'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { createTestApp } from '../testing/apps.ts'
import { builtInMessages } from '../testing/messages.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { dataRecord } from '../testing/records.ts'

const readModels = createTestReadModels()
const express = kindSchema.parse('express')
const idOf = (offset: number) => String(offset).padStart(32, '0')
const AT = '2026-06-01T18:04:11.000Z'

const outcomeAt = (offset: number, kind: Outcome['kind']): Outcome => ({
  eventId: idOf(offset),
  kind,
  message: `${kind} ${offset}`,
  checkout: boughtQuickly,
  receivedAt: AT,
  classifiedAt: AT,
  source: { partition: 0, offset },
})

/** As they are followed from Notifications. */
async function followAll(readModel: ReadModel, outcomes: Outcome[]): Promise<void> {
  const skipped: string[] = []
  const records = outcomes.flatMap(
    (outcome) =>
      readOutcome(0, dataRecord(outcome.source.offset, outcome), (offset) => skipped.push(offset))?.record ??
      [],
  )
  expect(skipped).toEqual([])
  const next = readModel.partition(0).next + records.length
  await readModel.append(0, { records, next, resume: next, log: 'aaaaaaaa' })
}

const outcomes = [outcomeAt(0, 'quick'), outcomeAt(1, express), outcomeAt(2, 'slow')]

async function openWith(place: string): Promise<ReadModel> {
  const path = readModels.newPath()
  const readModel = readModels.open({ path })
  await followAll(readModel, outcomes)
  if (place === 'in memory') return readModel
  await readModels.close(readModel)
  return readModels.open({ path })
}

// Processors with other rules run beside this one, or have run before.
describe.each(['in memory', 'in the file'])(
  'an outcome of a kind that these rules do not have, %s',
  (place) => {
    test('is served, and selected by its kind', async () => {
      const { get, page } = createTestApp(await openWith(place))
      expect(await (await get(`/checkout/${idOf(1)}`)).json()).toMatchObject({ outcome: outcomes[1] })
      for (const [query, offsets] of [
        ['', [0, 1, 2]],
        ['?kind=all', [0, 1, 2]],
        ['?kind=express', [1]],
        ['?kind=slow,express&order=desc', [2, 1]],
        ['?kind=quick,slow', [0, 2]],
        ['?kind=unverified', []],
      ] as const)
        expect((await page(query)).items, query).toEqual(offsets.map((offset) => outcomes[offset]))
    })

    test('is streamed, also when it arrives later', async () => {
      const readModel = await openWith(place)
      const { stream } = createTestApp(readModel)
      const { events, cancel } = await stream('?from=earliest&kind=express')
      await followAll(readModel, [outcomeAt(3, express)])
      const data = (await events(2)).map((frame) => JSON.parse(frame.data ?? '') as Outcome)
      expect(data).toEqual([outcomes[1], outcomeAt(3, express)])
      await cancel()
    })

    test('is exported', async () => {
      const { get } = createTestApp(await openWith(place))
      const exported = async (query: string) => (await get(`/notifications/export?${query}`)).text()
      expect(JSON.parse(await exported('kind=express'))).toEqual(outcomes[1])
      expect((await exported('format=csv')).split('\r\n')[2]).toMatch(/^"0+1","express",.*,"express 1",/)
    })
  },
)

test('these rules have no message for it, and do not follow it up', () => {
  expect(builtInMessages.messageFor(express, boughtQuickly)).toBeNull()
  expect(builtInMessages.isFollowedUp(express)).toBe(false)
})

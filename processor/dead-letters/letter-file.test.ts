import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'
import { type LetterFile, openLetterFile } from './letter-file.ts'
import type { DeadLetterPlace } from './record.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

function open(): LetterFile {
  const folder = mkdtempSync(join(tmpdir(), 'letter-file-'))
  const data = () => ({ topic: 'DataTopic', homes: [6] })
  const file = openLetterFile({ path: join(folder, 'letters.db'), data, onFailure: () => undefined })
  ends.push(
    () => rmSync(folder, { recursive: true }),
    () => file.close(),
  )
  return file
}

const record = (
  offset: number,
  value: string,
  headers: Record<string, string> = { reason: 'not JSON' },
): StoredRecord => ({
  offset: String(offset),
  timestamp: String(1_800_000_000_000 + offset),
  key: null,
  value: Buffer.from(value),
  headers,
})

test('pages while new ones arrive and retention removes old ones: no other is missed or comes twice', async () => {
  const file = open()
  for (const partition of [0, 1])
    await file.append(
      partition,
      Array.from({ length: 30 }, (_, offset) => record(offset, `${partition}/${offset}`)),
    )
  const seen: string[] = []
  let before: DeadLetterPlace | undefined
  for (let page = 0; ; page++) {
    const entries = file.list({}, before, 7)
    seen.push(...entries.map(({ partition, offset }) => `${partition}/${offset}`))
    before = entries.at(-1)
    if (entries.length < 7) break
    await file.append(0, [record(30 + page, `new ${page}`)])
    if (page === 2) await file.cut(1, 5)
    // Also the one that the next page begins after.
    if (page === 4) await file.cut(0, (before?.offset ?? 0) + 1)
  }
  expect(new Set(seen).size).toBe(seen.length)
  const kept = Array.from({ length: 30 }, (_, offset) => offset)
  const cutAt = Math.min(
    ...seen.filter((place) => place.startsWith('0/')).map((place) => Number(place.slice(2))),
  )
  expect(cutAt).toBeGreaterThan(0)
  expect(seen).toEqual(
    kept
      .toReversed()
      .flatMap((offset) => [`1/${offset}`, `0/${offset}`])
      .filter((place) =>
        place.startsWith('1/') ? Number(place.slice(2)) >= 5 : Number(place.slice(2)) >= cutAt,
      ),
  )
})

test('two with one id are listed and found with their partitions, until retention has removed one', async () => {
  const file = open()
  const conflict = (partition: number) => ({
    reason: 'idempotency-conflict',
    source: `DataTopic/${partition}/5`,
    'event-id': 'order-1',
  })
  const value = (edad: number) => JSON.stringify({ ...sampleCheckout, edad })
  const ids = () => file.list({}, undefined, 10).map(({ id, fullId, isShared }) => (isShared ? fullId : id))
  const edadOf = (id: string) => {
    const { value: bytes = null } = file.find(id) ?? {}
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as typeof sampleCheckout).edad
  }
  await file.append(0, [record(0, value(20), conflict(1))])
  expect(ids()).toEqual(['order-1-conflict-5'])
  await file.append(0, [record(1, value(30), conflict(2))])
  expect(ids()).toEqual(['order-1-conflict-5-p2', 'order-1-conflict-5-p1'])
  expect(['-p1', '-p2', ''].map((end) => edadOf(`order-1-conflict-5${end}`))).toEqual([20, 30, null])
  expect(file.fullIds('order-1-conflict-5')).toEqual(['order-1-conflict-5-p1', 'order-1-conflict-5-p2'])
  // A record that was decided on twice is one dead letter.
  await file.append(2, [record(0, value(30), conflict(2))])
  expect(ids()).toEqual(['order-1-conflict-5-p2', 'order-1-conflict-5-p1'])

  await file.cut(0, 1)
  expect(ids()).toEqual(['order-1-conflict-5'])
  expect(['', '-p2'].map((end) => edadOf(`order-1-conflict-5${end}`))).toEqual([30, 30])
})

import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { type BaseKind, kindSchema } from '../../backbone/records/outcome.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'
import { decodeRecords } from './block.ts'
import { type BlockRow, createBlocksTable } from './blocks-table.ts'
import { openCacheFile, removeCacheFile } from './cache-file.ts'
import { packRecords } from './packed-records.ts'
import { createFileReader } from './reader.ts'
import { prepareReadModelFile } from './schema.ts'
import { createFileWriter } from './writer.ts'

const { newPath } = createTestReadModels()
const state = { next: 500, first: 0, resume: 490, log: 'aaaaaaaa' }

/** A file with some hundred outcomes. */
function makeFile(): string {
  const path = newPath()
  prepareReadModelFile(path, (database) => database.close())
  const writer = createFileWriter(path)
  const records = Array.from({ length: 500 }, (_, offset) => outcomeRecord(0, offset))
  writer.write({ records: packRecords(records), partitions: [[0, state]], forget: [] })
  writer.close()
  return path
}

function inFile(path: string) {
  const reader = prepareReadModelFile(path, createFileReader)
  const partitions = [...reader.partitions()]
  const found = reader.find('event-0-7', () => true)
  reader.close()
  return { partitions, found: found !== undefined }
}
const complete = { partitions: [[0, state]], found: true }
const empty = { partitions: [], found: false }

const execute = (path: string, sql: string) => {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

test('a missing file is created, with its folder', () => {
  const path = newPath()
  expect(existsSync(dirname(path))).toBe(false)
  expect(inFile(path)).toEqual(empty)
})

test('a valid one is kept', () => {
  const path = makeFile()
  expect(inFile(path)).toEqual(complete)
  expect(inFile(path)).toEqual(complete)
})

describe('is rebuilt, and can be written again, when it', () => {
  test.each<[string, (path: string) => void]>([
    ['is no database', (path) => writeFileSync(path, 'basura'.repeat(1_000))],
    ['has a damaged first page', (path) => overwrite(path, 0, 60)],
    ['has lost its end', (path) => truncateSync(path, 5_000)],
    ['is of a later version', (path) => execute(path, 'PRAGMA user_version = 9')],
    ['is of an earlier version', (path) => execute(path, 'PRAGMA user_version = 6')],
    ['was only half made', (path) => execute(path, 'DROP TABLE partitions; PRAGMA user_version = 0')],
    ['has lost a table', (path) => execute(path, 'DROP TABLE blocks')],
    ['has lost an index', (path) => execute(path, 'DROP TABLE link_runs')],
    ['is of another program', (path) => execute(path, 'DROP TABLE partitions')],
  ])('%s', (_, spoil) => {
    const path = makeFile()
    spoil(path)
    expect(inFile(path)).toEqual(empty)
    const writer = createFileWriter(path)
    writer.write({ records: packRecords([outcomeRecord(0, 7)]), partitions: [[0, state]], forget: [] })
    writer.close()
    expect(inFile(path)).toEqual(complete)
  })
})

// As all versions have written them: the index of each in the list of kinds at d4161f1.
const storedNumbers: Record<BaseKind, number> = { none: 0, quick: 1, slow: 2, unverified: 3, invalid: 4 }

describe('the number of a kind', () => {
  const kinds = Object.keys(storedNumbers) as BaseKind[]

  test('keeps its meaning in a file of an earlier version', () => {
    const path = newPath()
    prepareReadModelFile(path, (database) => database.close())
    const database = openCacheFile(path)
    const json = Buffer.from('{}')
    createBlocksTable(database).append(
      0,
      Object.values(storedNumbers).map((kind) => ({ offset: kind, kind, classifiedAt: 0, owner: '', json })),
    )
    database.close()
    const reader = createFileReader(openCacheFile(path))
    const { records } = reader.read(0, 0, 10, { kinds: new Set(kinds) }, 10)
    expect(records.map(({ kind, offset }) => [kind, offset])).toEqual(Object.entries(storedNumbers))
    for (const [kind, offset] of Object.entries(storedNumbers) as [BaseKind, number][]) {
      const { records: ofKind } = reader.read(0, 0, 10, { kinds: new Set([kind]) }, 10)
      expect(ofKind).toMatchObject([{ kind, offset }])
    }
    reader.close()
  })

  test('is what is written', () => {
    const path = newPath()
    prepareReadModelFile(path, (database) => database.close())
    const writer = createFileWriter(path)
    const records = kinds.map((kind, offset) => outcomeRecord(0, offset, { kind }))
    writer.write({ records: packRecords(records), partitions: [[0, state]], forget: [] })
    writer.close()
    const rows = openCacheFile(path).prepare('SELECT * FROM blocks').all() as unknown as BlockRow[]
    expect(rows.flatMap(decodeRecords).map(({ kind }) => kind)).toEqual(Object.values(storedNumbers))
  })

  test('of an added one is its own, in every part of the file', () => {
    const path = newPath()
    prepareReadModelFile(path, (database) => database.close())
    const added = Array.from({ length: 70 }, (_, i) => kindSchema.parse(`added-${i}`))
    const records = added.map((kind, offset) => outcomeRecord(0, offset, { kind }))
    const reader = createFileReader(openCacheFile(path))
    for (const half of [records.slice(0, 35), records.slice(35)]) {
      const writer = createFileWriter(path)
      writer.write({ records: packRecords(half), partitions: [[0, state]], forget: [] })
      writer.close()
    }
    const { records: read } = reader.read(0, 0, 100, { kinds: 'notified' }, 100)
    expect(read.map(({ kind }) => kind)).toEqual(added)
    const { records: two } = reader.read(0, 0, 100, { kinds: new Set([...added.slice(65, 67), 'slow']) }, 100)
    expect(two.map(({ offset }) => offset)).toEqual([65, 66])
    reader.close()
  })

  test('is not kept if its transaction fails', () => {
    const path = newPath()
    prepareReadModelFile(path, (database) => database.close())
    const writer = createFileWriter(path)
    const first = kindSchema.parse('first')
    const second = kindSchema.parse('second')
    const failing = { ...outcomeRecord(0, 1), classifiedAt: Number.NaN }
    expect(() =>
      writer.write({
        records: packRecords([outcomeRecord(0, 0, { kind: first }), failing]),
        partitions: [],
        forget: [],
      }),
    ).toThrow()
    writer.write({
      records: packRecords([outcomeRecord(0, 0, { kind: second }), outcomeRecord(0, 1, { kind: first })]),
      partitions: [[0, state]],
      forget: [],
    })
    writer.close()
    const reader = createFileReader(openCacheFile(path))
    expect(reader.read(0, 0, 10, { kinds: 'all' }, 10).records.map(({ kind }) => kind)).toEqual([
      'second',
      'first',
    ])
    reader.close()
  })
})

test('a failed creation is not ignored', () => {
  const path = newPath()
  mkdirSync(path, { recursive: true })
  expect(() => prepareReadModelFile(path, createFileReader)).toThrow()
})

test('is removed with all its files', () => {
  const path = makeFile()
  const database = openCacheFile(path)
  database.prepare('SELECT count(*) FROM blocks').get()
  expect(existsSync(`${path}-wal`)).toBe(true)
  removeCacheFile(path)
  expect(['', '-wal', '-shm'].filter((suffix) => existsSync(path + suffix))).toEqual([])
  database.close()
  expect(() => removeCacheFile(path)).not.toThrow()
})

function overwrite(path: string, from: number, to: number) {
  const bytes = readFileSync(path)
  bytes.fill(0xa5, from, to)
  writeFileSync(path, bytes)
}

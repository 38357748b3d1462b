import { expect, test, vi } from 'vitest'
import { createTestReadModels, follow } from '../testing/read-models.ts'
import { openCacheFile } from './cache-file.ts'
import { createClaims, MOST_CLAIMS } from './claims.ts'
import type { ReadModel } from './outcome-store.ts'
import type { ClaimRecord } from './record.ts'

const readModels = createTestReadModels()
const claimBy = (member: string, offset: number, partition = 1): ClaimRecord => ({
  partition,
  offset,
  memberId: `id of ${member}`,
  member,
  cluster: 'cluster-b',
  at: 1_764_115_200_000 + offset,
})
const claim = (readModel: ReadModel, claims: ClaimRecord[]) => {
  const next = (claims.at(-1)?.offset ?? 0) + 1
  return readModel.append(1, { records: [], claims, next, resume: undefined, log: 'aaaaaaaa' })
}
const claimsIn = (path: string): unknown[] => {
  const file = openCacheFile(path)
  const rows = file.prepare('SELECT position FROM claims').all()
  file.close()
  return rows
}

test('an outcome belongs to the member with the last claim before it, in its partition', async () => {
  const readModel = readModels.open()
  await claim(readModel, [claimBy('processor-1', 3), claimBy('processor-2', 10)])
  expect(readModel.ownerAt(1, 3)).toBeUndefined()
  expect(readModel.ownerAt(1, 4)).toEqual(claimBy('processor-1', 3))
  expect(readModel.ownerAt(1, 10)).toEqual(claimBy('processor-1', 3))
  expect(readModel.ownerAt(1, 11)).toEqual(claimBy('processor-2', 10))
  expect(readModel.ownerAt(0, 11)).toBeUndefined()
})

test('claims are in the file after a restart, also one without a name', async () => {
  const path = readModels.newPath()
  const before = readModels.open({ path })
  const unnamed = { ...claimBy('', 10), member: undefined, cluster: undefined }
  await claim(before, [claimBy('processor-1', 3), unnamed])
  await readModels.close(before)
  const readModel = readModels.open({ path })
  expect(readModel.ownerAt(1, 9)).toEqual(claimBy('processor-1', 3))
  expect(readModel.ownerAt(1, 11)).toEqual(unnamed)
})

test('retention keeps the claim under which the first kept outcome was written, in memory and in the file', async () => {
  const path = readModels.newPath()
  const before = readModels.open({ path })
  await claim(before, [claimBy('processor-1', 3), claimBy('processor-2', 10), claimBy('processor-3', 20)])
  await follow(before, 1, [30])
  before.cut(1, 15)
  expect(before.ownerAt(1, 9)).toBeUndefined()
  expect(before.ownerAt(1, 16)?.member).toBe('processor-2')
  await readModels.close(before)
  const readModel = readModels.open({ path })
  expect(readModel.ownerAt(1, 9)).toBeUndefined()
  expect(readModel.ownerAt(1, 16)?.member).toBe('processor-2')
  expect(readModel.ownerAt(1, 30)?.member).toBe('processor-3')
})

test('a recreated log has no claims of the former one', async () => {
  const path = readModels.newPath()
  const before = readModels.open({ path })
  await claim(before, [claimBy('processor-1', 3)])
  await vi.waitFor(() => expect(claimsIn(path)).toHaveLength(1), { timeout: 5_000 })
  before.forget(1)
  expect(before.ownerAt(1, 9)).toBeUndefined()
  await readModels.close(before)
  expect(readModels.open({ path }).ownerAt(1, 9)).toBeUndefined()
})

test('only the newest claims of a partition stay in memory', () => {
  const claims = createClaims([])
  for (let offset = 0; offset <= MOST_CLAIMS; offset++) claims.add(claimBy('processor-1', offset))
  expect(claims.ownerAt(1, 1)).toBeUndefined()
  expect(claims.ownerAt(1, 2)?.offset).toBe(1)
  expect(claims.ownerAt(1, MOST_CLAIMS)?.offset).toBe(MOST_CLAIMS - 1)
})

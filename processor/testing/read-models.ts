import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { openReadModel } from '../read-model/open-read-model.ts'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { outcomeRecord } from './records.ts'

interface TestReadModelOptions {
  path?: string
  partitions?: number
  keepInMemory?: number
  onFailure?: (error: unknown) => void
}

const failLoudly = (error: unknown) => {
  throw error
}

/** Real read models, each with its own file in a folder that is removed after the tests. */
export function createTestReadModels() {
  const folder = mkdtempSync(join(tmpdir(), 'read-model-'))
  const open = new Set<ReadModel>()
  let files = 0
  const newPath = () => join(folder, `${files++}`, 'view.db')

  const close = async (readModel: ReadModel) => {
    if (open.delete(readModel)) await readModel.close()
  }
  afterEach(async () => {
    for (const readModel of open) await close(readModel)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  return {
    newPath,
    open({
      path = newPath(),
      partitions = 3,
      keepInMemory,
      onFailure = failLoudly,
    }: TestReadModelOptions = {}) {
      const memory = keepInMemory === undefined ? {} : { keepInMemory }
      const readModel = openReadModel({ path, partitions, onFailure, ...memory })
      open.add(readModel)
      return readModel
    },
    close,
  }
}

type GivenOutcome = Parameters<typeof outcomeRecord>[2]

/** Appends outcomes at these offsets in one batch, as the follower does. */
export function follow(
  readModel: ReadModel,
  partition: number,
  offsets: number[],
  given: (offset: number) => GivenOutcome = () => ({}),
  log = 'aaaaaaaa',
): Promise<void> {
  const records = offsets.map((offset) => outcomeRecord(partition, offset, given(offset)))
  const next = Math.max(readModel.partition(partition).next, (offsets.at(-1) ?? -1) + 1)
  return readModel.append(partition, { records, next, resume: next, log })
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

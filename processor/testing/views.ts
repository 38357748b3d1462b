import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { openReadModel } from '../read-model/open-read-model.ts'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { viewRecord } from './records.ts'

interface TestViewOptions {
  path?: string
  partitions?: number
  keepInMemory?: number
  onFailure?: (error: unknown) => void
}

const failLoudly = (error: unknown) => {
  throw error
}

/** Real views, each in a file of its own in a folder that goes when the tests have ended. */
export function createTestViews() {
  const folder = mkdtempSync(join(tmpdir(), 'view-'))
  const open = new Set<ReadModel>()
  let files = 0
  const newPath = () => join(folder, `${files++}`, 'view.db')

  const close = async (view: ReadModel) => {
    if (open.delete(view)) await view.close()
  }
  afterEach(async () => {
    for (const view of open) await close(view)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  return {
    newPath,
    open({ path = newPath(), partitions = 3, keepInMemory, onFailure = failLoudly }: TestViewOptions = {}) {
      const memory = keepInMemory === undefined ? {} : { keepInMemory }
      const view = openReadModel({ path, partitions, onFailure, ...memory })
      open.add(view)
      return view
    },
    close,
  }
}

type Told = Parameters<typeof viewRecord>[2]

/** Follows outcomes at these offsets, in one batch: the way from Kafka into the view. */
export function follow(
  view: ReadModel,
  partition: number,
  offsets: number[],
  told: (offset: number) => Told = () => ({}),
  log = 'aaaaaaaa',
): Promise<void> {
  const records = offsets.map((offset) => viewRecord(partition, offset, told(offset)))
  const next = Math.max(view.partition(partition).next, (offsets.at(-1) ?? -1) + 1)
  return view.append(partition, { records, next, resume: next, log })
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

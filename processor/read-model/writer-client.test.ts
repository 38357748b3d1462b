import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import type { ReadModel } from './outcome-store.ts'
import { createFileReader } from './reader.ts'
import type { OutcomeFilter } from './record.ts'
import { prepareReadModelFile } from './schema.ts'

const readModels = createTestReadModels()
const ofOne: OutcomeFilter = { kinds: new Set(['quick']), customer: 'a'.repeat(24) }

function inFile(path: string) {
  const reader = prepareReadModelFile(path, createFileReader)
  const states = reader.partitions()
  function offsets(partition: number): number[] {
    const all: number[] = []
    for (let from = 0; from < 2 ** 40; ) {
      const { records, next } = reader.read(partition, from, 2 ** 40, ofOne, 1_000)
      for (const { offset } of records) all.push(offset)
      from = next
    }
    return all
  }
  return { next: (p: number) => states.get(p)?.next ?? 0, offsets, close: reader.close }
}

const nextInFile = (path: string) => {
  const file = inFile(path)
  file.close()
  return file.next(0)
}

/** Number of records that are only in memory, and not yet in the file. */
const unwritten = (readModel: ReadModel, path: string) => readModel.partition(0).next - nextInFile(path)

test('appended records are written to the file without further appends', async () => {
  const path = readModels.newPath()
  const readModel = readModels.open({ path })
  await follow(readModel, 0, range(0, 10))
  await vi.waitFor(() => expect(nextInFile(path)).toBe(10), { timeout: 10_000, interval: 20 })
})

test('a fast append waits until there is room', async () => {
  const path = readModels.newPath()
  const readModel = readModels.open({ path })
  await follow(readModel, 0, range(0, 5_000))
  let room = false
  const waiting = follow(readModel, 0, range(5_000, 15_001)).then(() => (room = true))
  expect(room).toBe(false)
  await waiting
  expect(nextInFile(path)).toBeGreaterThanOrEqual(5_000)
})

test('so that unwritten records are limited', async () => {
  const path = readModels.newPath()
  const readModel = readModels.open({ path })
  let most = 0
  for (let from = 0; from < 80_000; from += 2_000) {
    await follow(readModel, 0, range(from, from + 2_000))
    most = Math.max(most, unwritten(readModel, path))
  }
  // Being written, collected, and the batch that exceeded the limit.
  expect(most).toBeLessThanOrEqual(2 * 12_000)
})

test('and their bytes, too', async () => {
  const path = readModels.newPath()
  const readModel = readModels.open({ path })
  const large = { productovisto: 'x'.repeat(100_000) }
  let most = 0
  for (let from = 0; from < 600; from += 20) {
    await follow(readModel, 0, range(from, from + 20), () => large)
    most = Math.max(most, unwritten(readModel, path))
  }
  // 16 MiB being written, as much collected, and the batch that exceeded the limit.
  expect(most).toBeLessThanOrEqual(400)
})

test('closing writes everything', async () => {
  for (const count of [0, 1, 4_999, 5_000, 12_000]) {
    const path = readModels.newPath()
    const readModel = readModels.open({ path })
    void follow(readModel, 0, range(0, count))
    void follow(readModel, 1, range(0, 3))
    await readModels.close(readModel)
    const file = inFile(path)
    expect([file.next(0), file.next(1)]).toEqual([count, 3])
    file.close()
  }
})

const modules = JSON.stringify(new URL('.', import.meta.url).href)

// Reports progress after each batch, and is killed meanwhile.
const endlessFollower = (path: string) => `
  const { openReadModel } = await import(${modules} + 'open-read-model.ts')
  const { follow, range } = await import(${modules} + '../testing/read-models.ts')
  const readModel = openReadModel({ path: ${JSON.stringify(path)}, partitions: 2, onFailure: (error) => { throw error } })
  const given = () => ({ customer: 'a'.repeat(24) })
  for (;;) {
    for (const partition of [0, 1]) {
      const { next } = readModel.partition(partition)
      await follow(readModel, partition, range(next, next + 700), given)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    process.stdout.write('.')
  }`

test('a killed process leaves a file that is complete up to its position', async () => {
  const { below } = createTestRandom()
  const path = readModels.newPath()
  let before = 0
  for (let kill = 0; kill < 4; kill++) {
    const child = spawn(process.execPath, ['-e', endlessFollower(path)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // After a timeout of the test, no child may be left that writes for ever.
    onTestFinished(() => void child.kill('SIGKILL'))
    let batches = 0
    const enough = 12 + below(20)
    for await (const said of child.stdout) {
      batches += String(said).length
      if (batches >= enough) break
    }
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])

    const file = inFile(path)
    for (const partition of [0, 1]) expect(file.offsets(partition)).toEqual(range(0, file.next(partition)))
    expect(file.next(0)).toBeGreaterThan(before)
    before = file.next(0)
    file.close()
  }
}, 120_000)

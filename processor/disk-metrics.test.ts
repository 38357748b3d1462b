import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { watchDisk } from './disk-metrics.ts'

async function disksOf(file: string): Promise<string[]> {
  const registry = new Registry()
  watchDisk(registry, 'VIEW_FILE', file)
  return (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line))
}

test('size and free space are those of the volume with the file, which need not exist yet', async () => {
  const { blocks, bsize } = statfsSync(import.meta.dirname)
  const [free = '', size] = await disksOf(join(import.meta.dirname, 'view.db'))
  expect(size).toBe(`checkout_disk_size_bytes{setting="VIEW_FILE"} ${blocks * bsize}`)
  const [, bytes] = /^checkout_disk_free_bytes\{setting="VIEW_FILE"\} (\d+)$/.exec(free) ?? []
  expect(Number(bytes)).toBeLessThanOrEqual(blocks * bsize)
})

test('while the folder is missing there is no figure, and no failure', async () => {
  expect(await disksOf(join(import.meta.dirname, 'missing', 'view.db'))).toEqual([])
})

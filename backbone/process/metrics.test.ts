import v8 from 'node:v8'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createRegistry } from './metrics.ts'

test('reading the metrics does not walk the whole heap', async () => {
  const walks = [vi.spyOn(v8, 'getHeapSpaceStatistics'), vi.spyOn(v8, 'getHeapStatistics')]
  onTestFinished(() => void vi.restoreAllMocks())
  const registry = createRegistry()
  for (const walk of walks) walk.mockClear()
  const text = await registry.metrics()
  expect(text).toContain('nodejs_heap_size_used_bytes')
  for (const walk of walks) expect(walk).not.toHaveBeenCalled()
})

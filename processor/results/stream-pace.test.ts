import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'

const readModels = createTestReadModels()

describe('the reader sets the pace', () => {
  function counting() {
    const readModel = readModels.open()
    const after = vi.fn(readModel.after)
    const app = createTestApp({ ...readModel, after })
    return { readModel, app, reads: () => after.mock.calls.length }
  }

  test('nothing is read for a client that does not read', async () => {
    const { readModel, app, reads } = counting()
    const unread = await app.stream('?from=earliest')
    const opened = await app.openStream('?from=earliest')
    for (const from of range(0, 20)) {
      await follow(readModel, 0, range(from * 100, from * 100 + 100))
      await setImmediate()
    }
    expect(reads()).toBe(0)
    await opened.next()
    await setImmediate()
    expect(reads()).toBe(1)
    await Promise.all([unread.cancel(), opened.cancel()])
  })

  test('a chunk is read when the previous one was taken', async () => {
    const { readModel, app, reads } = counting()
    await follow(readModel, 0, range(0, 1_000))
    const response = await app.get('/notifications/stream?from=earliest')
    const reader = response.body?.getReader()
    const sizes: number[] = []
    for (let chunk = 0; chunk < 5; chunk++) {
      const { value } = (await reader?.read()) ?? {}
      sizes.push(
        Buffer.from(value ?? [])
          .toString()
          .split('event: notification').length - 1,
      )
      await setImmediate()
      expect(reads()).toBe(chunk)
    }
    expect(sizes).toEqual([0, 100, 100, 100, 100])
    await reader?.cancel()
  })
})

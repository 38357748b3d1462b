import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { exportStream } from './export-stream.ts'

test('ends once, also if its reader disconnects while a piece is read', async () => {
  const onEnd = vi.fn()
  const reading = Promise.withResolvers<void>()
  const read = Promise.withResolvers<void>()
  const returned = Promise.withResolvers<void>()
  async function* pieces() {
    try {
      yield Buffer.from('first')
      reading.resolve()
      await read.promise
      yield Buffer.from('second')
    } finally {
      returned.resolve()
    }
  }
  const credential = { revoked: new AbortController().signal, expiresAt: undefined }
  const reader = exportStream({ pieces: pieces(), credential, onEnd }).getReader()
  await reader.read()
  const second = reader.read()
  await reading.promise
  const cancelled = reader.cancel()
  read.resolve()
  await Promise.all([second, cancelled, returned.promise])
  // Everything that follows from it has happened.
  await setImmediate()
  expect(onEnd).toHaveBeenCalledTimes(1)
  expect(onEnd.mock.calls[0]?.[0]).toBeUndefined()
})

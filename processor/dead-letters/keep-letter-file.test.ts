import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { keepLetterFile, NoLetterFileError } from './keep-letter-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'letter-file-'))
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

test('a file that can neither be opened nor removed is tried again, and the process goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const path = join(folder, 'letters.db')
  mkdirSync(path)
  writeFileSync(join(path, 'in-the-way'), '')
  const onReset = vi.fn()
  const data = () => ({ topic: 'DataTopic', homes: [6] })
  const file = keepLetterFile({ path, data, onReset, log: pino({ enabled: false }) })
  for (let attempt = 0; attempt < 3; attempt++) vi.advanceTimersByTime(5_000)
  expect(file.isOpen()).toBe(false)
  expect(() => file.use(() => undefined)).toThrow(NoLetterFileError)
  expect(onReset).not.toHaveBeenCalled()

  rmSync(path, { recursive: true })
  vi.advanceTimersByTime(5_000)
  expect(file.use((open) => open.last(0))).toBeUndefined()
  expect(onReset).toHaveBeenCalledTimes(1)
  await file.close()
})

import { expect, test, vi } from 'vitest'
import { endSilentStream } from './end-silent-stream.ts'

const SILENT_MS = 100

function source() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const cancel = vi.fn()
  const readable = new ReadableStream<Uint8Array>({
    start(started) {
      controller = started
    },
    cancel,
  })
  return { readable, write: (text: string) => controller?.enqueue(Buffer.from(text)), cancel }
}

const textOf = ({ value }: { value?: Uint8Array | undefined }) => Buffer.from(value ?? []).toString()

test('a stream goes on while its source writes, and ends with a frame when it no longer does', async () => {
  const { readable, write, cancel } = source()
  const reader = endSilentStream(readable, SILENT_MS).getReader()
  for (let i = 0; i < 3; i++) {
    write(`data: ${i}\n\n`)
    expect(textOf(await reader.read())).toBe(`data: ${i}\n\n`)
  }
  expect(textOf(await reader.read())).toMatch(/^retry: \d+\n\n$/)
  expect((await reader.read()).done).toBe(true)
  expect(cancel).toHaveBeenCalledTimes(1)
})

test('a viewer that does not read is not taken for a silent source', async () => {
  const { readable, write } = source()
  const reader = endSilentStream(readable, SILENT_MS).getReader()
  await new Promise((resolve) => setTimeout(resolve, 2 * SILENT_MS))
  write('data: 1\n\n')
  expect(textOf(await reader.read())).toBe('data: 1\n\n')
})

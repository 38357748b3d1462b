import { expect, test, vi } from 'vitest'
import { relayEventStream } from './relay-event-stream.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function relay() {
  const cancelled = vi.fn()
  let source: ReadableStreamDefaultController<Uint8Array> | undefined
  const onClose = vi.fn()
  const input = new ReadableStream<Uint8Array>({
    start: (controller) => void (source = controller),
    cancel: cancelled,
  })
  const { stream, end } = relayEventStream(input, { lastFrame: () => bytes('retry: 1\n\n'), onClose })
  return {
    write: (text: string) => source?.enqueue(bytes(text)),
    close: () => source?.close(),
    fail: () => source?.error(new Error('aborted')),
    text: new Response(stream).text(),
    end: () => end(bytes('retry: 2\n\n')),
    onClose,
    cancelled,
  }
}

test('frames arrive whole, however they were cut', async () => {
  const { write, close, text, onClose } = relay()
  for (const chunk of ['da', 'ta: 1\n', '\ndata: 2\n\nda', 'ta: 3\n\n']) write(chunk)
  close()
  expect(await text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n')
  expect(onClose).toHaveBeenCalledOnce()
})

test('ended from outside it ends after its last whole frame, and its source is cancelled', async () => {
  const { write, end, text, onClose, cancelled } = relay()
  write('data: 1\n\ndata: 2')
  await new Promise((resolve) => setImmediate(resolve))
  end()
  end()
  expect(await text).toBe('data: 1\n\nretry: 2\n\n')
  expect(onClose).toHaveBeenCalledOnce()
  expect(cancelled).toHaveBeenCalledOnce()
})

test('where its source fails it ends in the same way', async () => {
  const { write, fail, text, onClose } = relay()
  write('data: 1\n\ndata: 2')
  await new Promise((resolve) => setImmediate(resolve))
  fail()
  expect(await text).toBe('data: 1\n\nretry: 1\n\n')
  expect(onClose).toHaveBeenCalledOnce()
})

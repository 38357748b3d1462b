import { retryFrame } from '../../backbone/http/retry-frame.ts'

/** Ends an event stream whose source writes nothing for a time, after a whole frame, so that its client reconnects. */
export function endSilentStream(
  source: ReadableStream<Uint8Array>,
  silentMs: number,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()

  async function readInTime() {
    const silent = Promise.withResolvers<'silent'>()
    const timer = setTimeout(() => silent.resolve('silent'), silentMs)
    try {
      return await Promise.race([reader.read(), silent.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const read = await readInTime()
        if (read === 'silent') {
          controller.enqueue(retryFrame())
          void reader.cancel().catch(() => undefined)
        }
        if (read === 'silent' || read.done) controller.close()
        else controller.enqueue(read.value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

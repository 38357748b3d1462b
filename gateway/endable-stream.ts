/** The same stream at its reader's pace, which can be brought to its end from outside, too. */
export function endable(source: ReadableStream<Uint8Array>, onClose: () => void) {
  const reader = source.getReader()
  const ended = new AbortController()

  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        ended.signal.addEventListener('abort', () => controller.close())
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (ended.signal.aborted) return
          if (!done) return controller.enqueue(value)
          controller.close()
          onClose()
        } catch (error) {
          onClose()
          throw error
        }
      },
      async cancel(reason) {
        onClose()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )

  return {
    stream,
    /** Not to be called once it is closed. */
    end: () => {
      ended.abort()
      void reader.cancel().catch(() => undefined)
    },
  }
}

const FRAME_END = Buffer.from('\n\n')

interface Relay {
  stream: ReadableStream<Uint8Array>
  /** Ends the stream between two frames, with `lastFrame` as the last one. */
  end: (lastFrame?: Uint8Array) => void
}

/**
 * Relays an event stream at its reader's pace, in whole frames, so that it can be ended here at any time:
 * some clients treat an incomplete last frame as complete. If the source breaks off, the stream ends with
 * `lastFrame`.
 */
export function relayEventStream(
  source: ReadableStream<Uint8Array>,
  { lastFrame, onClose }: { lastFrame: () => Uint8Array; onClose: () => void },
): Relay {
  const reader = source.getReader()
  let partial: Buffer = Buffer.alloc(0)
  let isClosed = false
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined

  function close(last?: Uint8Array) {
    if (isClosed) return
    isClosed = true
    if (last) controller?.enqueue(last)
    controller?.close()
    onClose()
  }

  /** Returns complete frames; keeps the rest for the next chunk. */
  function wholeFrames(chunk: Uint8Array): Uint8Array {
    const bytes =
      partial.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([partial, chunk])
    const length = bytes.lastIndexOf(FRAME_END) + FRAME_END.length
    const end = length < FRAME_END.length ? 0 : length
    partial = bytes.subarray(end)
    return bytes.subarray(0, end)
  }

  async function pull() {
    for (;;) {
      const { done, value } = await reader.read()
      if (isClosed) return
      if (done) return close()
      const frames = wholeFrames(value)
      if (frames.length === 0) continue
      controller?.enqueue(frames)
      return
    }
  }

  const stream = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started
      },
      pull: () => pull().catch(() => close(lastFrame())),
      async cancel(reason) {
        isClosed = true
        onClose()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )

  return {
    stream,
    end(last) {
      close(last)
      void reader.cancel().catch(() => undefined)
    },
  }
}

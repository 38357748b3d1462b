import { retryFrame } from '../http/retry-frame.ts'
import { createStreamLifetime, type StreamEnds } from '../http/stream-lifetime.ts'
import type { TickBroadcast } from './broadcast-ticks.ts'

interface OperationsStreamOptions extends StreamEnds {
  ticks: TickBroadcast
  /** Counts the stream. Call the result when it ends. */
  enter: () => () => void
}

const RETRY_MS = 1_000

/**
 * The history, then the newest state whenever the viewer has taken the last one: one that is slow gets fewer states, and all
 * events.
 */
function streamOperations({ ticks, enter, ...ends }: OperationsStreamOptions): ReadableStream<Uint8Array> {
  const start = ticks.begin()
  const { ended, end, begin } = createStreamLifetime(ends, enter())
  let { seen } = start
  let hasBegun = false
  let cancelled = false

  function open(history: string): Uint8Array {
    hasBegun = true
    begin()
    return Buffer.from(`retry: ${jittered(RETRY_MS)}\nevent: history\ndata: ${history}\n\n`)
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!hasBegun) return controller.enqueue(open(start.history))
        const next = await ticks.nextFrame(seen, ended)
        if (cancelled) return
        if (next === undefined) {
          controller.enqueue(retryFrame())
          return controller.close()
        }
        seen = next.seen
        controller.enqueue(next.frame)
      },
      cancel() {
        cancelled = true
        end()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The stream as an answer, with the headers of event streams. */
export const operationsResponse = (options: OperationsStreamOptions): Response =>
  new Response(streamOperations(options), {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })

const jittered = (ms: number): number => Math.round(ms * (1 + Math.random() * 2))

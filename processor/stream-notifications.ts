import type { Identity } from '../backbone/access/identity.ts'
import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts'
import type { NotificationsQuery } from './notifications-query.ts'
import type { OutcomeView } from './outcome-view.ts'
import { earliest, type Gap, latest, resumeCursor } from './resume-cursor.ts'
import type { Chunk } from './shared-frames.ts'
import { sseFrame } from './sse-frame.ts'

const HEARTBEAT_MS = 15_000
const PASSED_OVER_BEFORE_ID = 1_000
const MAX_AGE_MS = 15 * 60_000
const RETRY_MS = 1_000
// Where it ended as it should there is somebody to come back to at once; not all in the same moment.
const RETRY_AFTER_END_MS = 250
/** Within how long of the beginning of a drain the last stream ends. */
export const DRAIN_WITHIN_MS = 2_000

export interface StreamOptions {
  /** From `Last-Event-ID`; it wins over the query's cursor. */
  lastEventId: string | undefined
  /** The reader has gone. */
  gone: AbortSignal
  /** This member drains: its streams end one after another, so that their readers do not all come to the next at once. */
  draining: AbortSignal
  /** The stream ends with it. */
  credential: Pick<Identity, 'expiresAt' | 'revoked'>
  /** The frames of what comes after a place. */
  framesAfter: (cursor: Cursor) => Chunk
  /** Resolves when it may read more of what has been there for some time. */
  turn: () => Promise<void>
  /** Takes a place, when there is nothing wrong with what is asked for; what it returns gives it back. */
  enter: () => () => void
}

/**
 * A stream of notifications that misses nothing and repeats nothing when it is resumed, on any member. Its reader sets
 * the pace: nothing is read from the view before the last chunk was taken. Throws `invalid-request` for a bad cursor.
 */
export function streamNotifications(
  view: OutcomeView,
  { filter, cursor, from }: NotificationsQuery,
  { lastEventId, gone, draining, credential, framesAfter, turn, enter }: StreamOptions,
): ReadableStream<Uint8Array> {
  const given = lastEventId ?? cursor
  const start =
    given === undefined ? (from === 'earliest' ? earliest : latest)(view.partitions()) : decodeCursor(given)
  let { next, logs, gaps } = resumeCursor(start, view.partitions())
  let told = next
  let saidAt = 0
  let isBehind = view.hasBeyond(next)

  const id = (at: number[]) => encodeCursor({ next: at, logs })
  const idFrame = (extra = {}) => {
    told = next
    return sseFrame({ ...extra, id: id(next) })
  }
  const gapFrame = (missing: Gap[]) => {
    told = next
    return sseFrame({
      event: 'gap',
      id: id(next),
      data: Buffer.from(JSON.stringify({ partitions: missing })),
    })
  }

  const ended = new AbortController()
  ended.signal.addEventListener('abort', enter())
  const end = () => ended.abort()
  const endSoon = () => setTimeout(end, Math.random() * DRAIN_WITHIN_MS)

  // Only now: of a stream that nobody reads, a HEAD's, nothing would be left to end it.
  function open(): Uint8Array {
    const oldest = MAX_AGE_MS * (0.8 + Math.random() * 0.4)
    const age = setTimeout(
      end,
      Math.min(oldest, (credential.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now()),
    )
    ended.signal.addEventListener('abort', () => clearTimeout(age))
    gone.addEventListener('abort', end, { signal: ended.signal })
    credential.revoked.addEventListener('abort', end, { signal: ended.signal })
    draining.addEventListener('abort', endSoon, { signal: ended.signal })
    if (gone.aborted || credential.revoked.aborted) end()
    if (draining.aborted) endSoon()
    const retry = Math.round(RETRY_MS * (1 + Math.random() * 2))
    return gaps.length > 0 ? Buffer.concat([sseFrame({ retry }), gapFrame(gaps)]) : idFrame({ retry })
  }

  async function nextChunk(): Promise<Uint8Array> {
    for (;;) {
      // Whoever reads as fast as it is written would be given all that there is before anything else had its turn.
      if (isBehind) await turn()
      ;({ next, logs, gaps } = resumeCursor({ next, logs }, view.partitions()))
      if (gaps.length > 0) return gapFrame(gaps)
      const chunk = framesAfter({ next, logs })
      next = chunk.next
      isBehind = !chunk.end
      if (chunk.frames.length > 0) {
        told = chunk.told
        return chunk.frames
      }
      if (passedOver(told, next) >= PASSED_OVER_BEFORE_ID) return idFrame()
      if (isBehind) continue
      const heartbeatIn = Math.max(0, saidAt + HEARTBEAT_MS - performance.now())
      await view.beyond(next, heartbeatIn, ended.signal, filter.customer)
      if (ended.signal.aborted) return idFrame({ retry: Math.round(Math.random() * RETRY_AFTER_END_MS) })
      if (performance.now() - saidAt >= HEARTBEAT_MS) return idFrame()
    }
  }

  let opened = false
  let cancelled = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = opened ? await nextChunk() : open()
          opened = true
          saidAt = performance.now()
          if (cancelled) return
          controller.enqueue(chunk)
          if (ended.signal.aborted) controller.close()
        } catch (error) {
          end()
          throw error
        }
      },
      cancel() {
        cancelled = true
        end()
      },
    },
    { highWaterMark: 0 },
  )
}

function passedOver(told: readonly number[], next: readonly number[]): number {
  return next.reduce((sum, offset, partition) => sum + offset - (told[partition] ?? 0), 0)
}

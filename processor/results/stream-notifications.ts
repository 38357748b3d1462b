import type { Identity } from '../../backbone/access/identity.ts'
import type { OutcomeStore, OutcomeWaits } from '../read-model/outcome-store.ts'
import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts'
import type { NotificationsQuery } from './notifications-query.ts'
import { earliest, type Gap, latest, resumeCursor } from './resume-cursor.ts'
import type { Chunk } from './shared-frames.ts'
import { sseFrame } from './sse-frame.ts'

const CHECKPOINT_EVERY_MS = 15_000
const PASSED_OVER_BEFORE_CHECKPOINT = 1_000
// For handlers that parse the data of whatever comes. A frame without data is no event: of such a frame most clients do not keep the id.
const NO_DATA = Buffer.from('{}')
const MAX_AGE_MS = 15 * 60_000
const RETRY_MS = 1_000
// Where it ended as it should there is somebody to come back to at once; not all in the same moment.
const RETRY_AFTER_END_MS = 250
/** Within how long of the beginning of a drain the last stream ends. */
export const DRAIN_WITHIN_MS = 2_000

export interface StreamOptions {
  /** From `Last-Event-ID`; it wins over the query's cursor. */
  lastEventId: string | undefined
  /** The reader has disconnected. */
  disconnected: AbortSignal
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
 * the pace: nothing is read from the read model before the last chunk was taken. The position is sent as the event `checkpoint` at the
 * start, at the end, every 15 s and after each thousand records that the filter passed over, so that one which is resumed
 * neither misses nor reads again what came before. Throws `invalid-request` for a bad cursor.
 */
export function streamNotifications(
  readModel: OutcomeStore & OutcomeWaits,
  { filter, cursor, from }: NotificationsQuery,
  { lastEventId, disconnected, draining, credential, framesAfter, turn, enter }: StreamOptions,
): ReadableStream<Uint8Array> {
  const given = lastEventId ?? cursor
  const start =
    given === undefined
      ? (from === 'earliest' ? earliest : latest)(readModel.partitions())
      : decodeCursor(given)
  let { next, logs, gaps } = resumeCursor(start, readModel.partitions())
  let reported = next
  let sentAt = 0
  let isBehind = readModel.hasBeyond(next)

  const positionFrame = (event: 'checkpoint' | 'gap', data: Uint8Array, extra: { retry?: number } = {}) => {
    reported = next
    return sseFrame({ ...extra, event, id: encodeCursor({ next, logs }), data })
  }
  const checkpoint = (extra?: { retry: number }) => positionFrame('checkpoint', NO_DATA, extra)
  const gap = (partitions: Gap[], extra?: { retry: number }) =>
    positionFrame('gap', Buffer.from(JSON.stringify({ partitions })), extra)

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
    disconnected.addEventListener('abort', end, { signal: ended.signal })
    credential.revoked.addEventListener('abort', end, { signal: ended.signal })
    draining.addEventListener('abort', endSoon, { signal: ended.signal })
    if (disconnected.aborted || credential.revoked.aborted) end()
    if (draining.aborted) endSoon()
    const retry = Math.round(RETRY_MS * (1 + Math.random() * 2))
    return gaps.length > 0 ? gap(gaps, { retry }) : checkpoint({ retry })
  }

  async function nextChunk(): Promise<Uint8Array> {
    for (;;) {
      // Whoever reads as fast as it is written would be given all that there is before anything else had its turn.
      if (isBehind) await turn()
      ;({ next, logs, gaps } = resumeCursor({ next, logs }, readModel.partitions()))
      if (gaps.length > 0) return gap(gaps)
      const chunk = framesAfter({ next, logs })
      next = chunk.next
      isBehind = !chunk.end
      if (chunk.frames.length > 0) {
        reported = chunk.reported
        return chunk.frames
      }
      if (passedOver(reported, next) >= PASSED_OVER_BEFORE_CHECKPOINT) return checkpoint()
      if (isBehind) continue
      const checkpointIn = Math.max(0, sentAt + CHECKPOINT_EVERY_MS - performance.now())
      await readModel.beyond(next, checkpointIn, ended.signal, filter.customer)
      if (ended.signal.aborted) return checkpoint({ retry: Math.round(Math.random() * RETRY_AFTER_END_MS) })
      if (performance.now() - sentAt >= CHECKPOINT_EVERY_MS) return checkpoint()
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
          sentAt = performance.now()
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

function passedOver(reported: readonly number[], next: readonly number[]): number {
  return next.reduce((sum, offset, partition) => sum + offset - (reported[partition] ?? 0), 0)
}

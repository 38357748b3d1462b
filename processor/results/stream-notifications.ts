import { createStreamLifetime, type StreamEnds } from '../../backbone/http/stream-lifetime.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { OutcomeStore, OutcomeWaits } from '../read-model/outcome-store.ts'
import { type Cursor, decodeCursor } from './cursor.ts'
import type { OutcomesQuery } from './outcomes-query.ts'
import { earliest, latest } from './resume-cursor.ts'
import type { Chunk } from './shared-frames.ts'
import { createStreamPosition } from './stream-position.ts'

const CHECKPOINT_EVERY_MS = 15_000
const FILTERED_BEFORE_CHECKPOINT = 1_000
const RETRY_MS = 1_000
// After a regular end another member can be reached immediately; jittered, so that not all reconnect at once.
const RETRY_AFTER_END_MS = 250

export interface StreamOptions extends StreamEnds {
  /** From `Last-Event-ID`; it takes precedence over the cursor of the query. */
  lastEventId: string | undefined
  /** The frames after a position. */
  framesAfter: (cursor: Cursor) => Chunk
  /** Resolves when the stream may read more of the existing outcomes. */
  schedule: () => Promise<void>
  /** Called for each chunk with outcomes that is handed to the connection. */
  onSent: (chunk: Chunk) => void
  /** Counts the stream, once its query is valid. Call the result when it ends. */
  enter: () => () => void
}

/**
 * A stream of notifications. Resumed on any member, it misses nothing and repeats nothing. Its reader sets the
 * pace: nothing is read from the read model before the last chunk was taken. The position is sent as the event
 * `checkpoint` at the start, at the end, every 15 s, and after each thousand records that the filter skipped, so
 * that a resumed stream does not read them again. Throws `invalid-request` for an invalid cursor or order.
 */
export function streamNotifications(
  readModel: OutcomeStore & OutcomeWaits,
  { filter, cursor, from, order }: OutcomesQuery,
  { lastEventId, framesAfter, schedule, onSent, enter, ...ends }: StreamOptions,
): ReadableStream<Uint8Array> {
  if (order === 'desc')
    throw new ProblemError('invalid-request', { detail: 'order=desc is for pages: a stream is in order' })
  const given = lastEventId ?? cursor
  const start =
    given === undefined
      ? (from === 'earliest' ? earliest : latest)(readModel.partitions())
      : decodeCursor(given)
  const position = createStreamPosition(start, () => readModel.partitions())
  let isBehind = readModel.hasBeyond(position.cursor().next)
  const { ended, end, begin } = createStreamLifetime(ends, enter())
  let sending: Chunk | undefined

  function open(): Uint8Array {
    begin()
    return position.frame(Math.round(RETRY_MS * (1 + Math.random() * 2)))
  }

  async function nextChunk(sentAt: number): Promise<Uint8Array> {
    for (;;) {
      // Otherwise a fast reader would get all existing outcomes before any other work could run.
      if (isBehind) await schedule()
      if (!position.resume()) return position.frame()
      const chunk = framesAfter(position.cursor())
      position.advance(chunk)
      isBehind = !chunk.end
      if (chunk.frames.length > 0) {
        sending = chunk
        return chunk.frames
      }
      if (position.filteredSinceReport() >= FILTERED_BEFORE_CHECKPOINT) return position.frame()
      if (isBehind) continue
      const checkpointIn = Math.max(0, sentAt + CHECKPOINT_EVERY_MS - performance.now())
      await readModel.beyond(position.cursor().next, checkpointIn, ended, filter.customer)
      if (ended.aborted) return position.frame(Math.round(Math.random() * RETRY_AFTER_END_MS))
      if (performance.now() - sentAt >= CHECKPOINT_EVERY_MS) return position.frame()
    }
  }

  function onEnqueued() {
    if (sending) onSent(sending)
    sending = undefined
  }

  return pulledStream({ open, nextChunk, onEnqueued, ended, end })
}

interface ChunkSource {
  open: () => Uint8Array
  /** `sentAt` is the time of the last chunk. */
  nextChunk: (sentAt: number) => Promise<Uint8Array>
  onEnqueued: () => void
  ended: AbortSignal
  end: () => void
}

function pulledStream({ open, nextChunk, onEnqueued, ended, end }: ChunkSource): ReadableStream<Uint8Array> {
  let sentAt: number | undefined
  let cancelled = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = sentAt === undefined ? open() : await nextChunk(sentAt)
          sentAt = performance.now()
          if (cancelled) return
          controller.enqueue(chunk)
          onEnqueued()
          if (ended.aborted) controller.close()
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

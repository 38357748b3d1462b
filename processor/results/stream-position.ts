import type { PartitionState } from '../read-model/record.ts'
import { type Cursor, encodeCursor } from './cursor.ts'
import { resumeCursor } from './resume-cursor.ts'
import type { Chunk } from './shared-frames.ts'
import { sseFrame } from './sse-frame.ts'

// For handlers that parse the data of every event. A frame without data is not an event, and most clients do
// not store the id of such a frame.
const NO_DATA = Buffer.from('{}')

/** The position of a stream in Notifications, and the last one that was sent to its reader. */
export function createStreamPosition(
  start: Cursor,
  partitions: () => readonly Readonly<PartitionState>[],
): StreamPosition {
  let { next, logs, gaps } = resumeCursor(start, partitions())
  let reported = next

  return {
    cursor: () => ({ next, logs }),

    resume() {
      ;({ next, logs, gaps } = resumeCursor({ next, logs }, partitions()))
      return gaps.length === 0
    },

    advance(chunk) {
      next = chunk.next
      if (chunk.frames.length > 0) reported = chunk.reported
    },

    filteredSinceReport: () => distance(reported, next),

    frame(retry) {
      reported = next
      const hasGap = gaps.length > 0
      return sseFrame({
        ...(retry === undefined ? {} : { retry }),
        event: hasGap ? 'gap' : 'checkpoint',
        id: encodeCursor({ next, logs }),
        data: hasGap ? Buffer.from(JSON.stringify({ partitions: gaps })) : NO_DATA,
      })
    },
  }
}

export interface StreamPosition {
  cursor: () => Cursor
  /** Continues in the logs as they are now. False: there is a gap, and {@link frame} must be sent. */
  resume: () => boolean
  advance: (chunk: Chunk) => void
  /** Records that the filter has skipped since the last position that was sent. */
  filteredSinceReport: () => number
  /** The position as the event `checkpoint`, or as `gap` with the missing range. `retry` in milliseconds. */
  frame: (retry?: number) => Uint8Array
}

function distance(from: readonly number[], to: readonly number[]): number {
  return to.reduce((sum, offset, partition) => sum + offset - (from[partition] ?? 0), 0)
}

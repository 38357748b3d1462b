import { LRUCache } from 'lru-cache'
import type { Recipient } from '../../backbone/timeline/timeline.ts'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import { type OutcomeFilter, positionOf } from '../read-model/record.ts'
import { type Cursor, encodeCursor } from './cursor.ts'
import type { Present } from './mask-outcome.ts'
import { sseFrame } from './sse-frame.ts'

/** Frames after a position in Notifications, ready to be sent on a stream. */
export interface Chunk {
  /** All records that were found, in order; empty if there are none. */
  frames: Uint8Array
  /** The position in the id of the last frame. */
  reported: number[]
  /** The position to continue from. */
  next: number[]
  /** All followed records have been read. */
  end: boolean
  /** Of the records in `frames`: see {@link positionOf}. */
  positions: readonly number[]
  /** The kinds of recipients that `frames` have been sent to. */
  sentTo: Recipient[]
}

const FRAMES_PER_CHUNK = 100
const MOST_BYTES = 16 * 1024 * 1024

const kindsOf = ({ kinds }: OutcomeFilter) => (typeof kinds === 'string' ? kinds : [...kinds])

/**
 * Creates frames once for all streams that read from the same position with the same filter: usually the live
 * streams, of which there may be thousands. The records after a position of a log do not change;
 * `readModel.logsForgotten` identifies the log.
 */
export function createSharedFrames(
  readModel: Pick<OutcomeStore, 'after'> & Pick<LogChanges, 'logsForgotten'>,
) {
  const recent = new LRUCache<string, Chunk>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ frames }) => frames.byteLength,
  })
  const names = new Map<Present, number>()

  function nameOf(present: Present): number {
    const name = names.get(present) ?? names.size
    names.set(present, name)
    return name
  }

  function make({ next, logs }: Cursor, filter: OutcomeFilter, present: Present): Chunk {
    const page = readModel.after(next, filter, FRAMES_PER_CHUNK)
    const reported = [...next]
    const frames = page.records.map((record) => {
      reported[record.partition] = record.offset + 1
      return sseFrame({
        event: 'notification',
        id: encodeCursor({ next: reported, logs }),
        data: present(record),
      })
    })
    return {
      frames: Buffer.concat(frames),
      reported,
      next: page.next,
      end: page.end,
      positions: page.records.map(({ partition, offset }) => positionOf(partition, offset)),
      sentTo: [],
    }
  }

  /** `present` must be one of a few functions: each has its own frames. */
  return function framesFor(filter: OutcomeFilter, present: Present): (cursor: Cursor) => Chunk {
    const asked = JSON.stringify([nameOf(present), kindsOf(filter), filter])
    return (cursor) => {
      const key = `${readModel.logsForgotten()} ${encodeCursor(cursor)} ${asked}`
      const shared = recent.get(key)
      if (shared) return shared
      const chunk = make(cursor, filter, present)
      if (chunk.frames.length > 0) recent.set(key, chunk)
      return chunk
    }
  }
}

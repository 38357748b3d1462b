import { LRUCache } from 'lru-cache'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import type { OutcomeFilter } from '../read-model/record.ts'
import { type Cursor, encodeCursor } from './cursor.ts'
import type { Present } from './mask-outcome.ts'
import { sseFrame } from './sse-frame.ts'

/** What comes after a place in Notifications, ready to be written to a stream. */
export interface Chunk {
  /** Of all records found, in order; empty when there are none. */
  frames: Uint8Array
  /** The position in the id of the last of these frames. */
  reported: number[]
  /** From where to read on. */
  next: number[]
  /** Nothing more has been followed so far. */
  end: boolean
}

const FRAMES_PER_CHUNK = 100
const MOST_BYTES = 16 * 1024 * 1024

/**
 * Makes frames once for all who read on from the same place with the same filter: those who follow live, as a rule, of whom
 * there may be thousands. What comes after a place in a log does not change; `readModel.logsForgotten` tells one log from the next.
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
    const frames = page.records.map(({ partition, offset, json }) => {
      reported[partition] = offset + 1
      return sseFrame({
        event: 'notification',
        id: encodeCursor({ next: reported, logs }),
        data: present(json),
      })
    })
    return { frames: Buffer.concat(frames), reported, next: page.next, end: page.end }
  }

  /** `present` must be one of few: each has frames of its own. */
  return function framesFor(filter: OutcomeFilter, present: Present): (cursor: Cursor) => Chunk {
    const asked = JSON.stringify([nameOf(present), ...filter.kinds, filter])
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

import type { StreamFrame } from './frame-reader.ts'
import { createNumberColumn } from './number-column.ts'

/** What one subscriber has seen, in the order in which it came. */
export interface SubscriberLog {
  subscriber: number
  /** Times it was let in again where it had been. */
  resumed: number
  cutMidFrame: number
  /** What it was told is missing, and data in which no place in the log could be read. */
  gaps: string[]
  /** By partition of DataTopic, each notification's place there and the xxHash32 of its data. */
  partitions: Map<number, { offsets: Int32Array; hashes: Uint32Array }>
}

const SOURCE = /"source":\{"partition":(\d+),"offset":(\d+)\}\}$/
// Longer than the longest that SOURCE takes.
const TAIL_BYTES = 80

/** Takes down each notification without reading its JSON: hundreds come every second, to each of the subscribers. */
export function createSubscriberNotes(subscriber: number) {
  const columnsOf = new Map<number, ReturnType<typeof createColumns>>()
  const gaps: string[] = []
  let resumed = 0
  let cutMidFrame = 0
  let seen = 0

  function columns(partition: number) {
    const known = columnsOf.get(partition) ?? createColumns()
    columnsOf.set(partition, known)
    return known
  }

  return {
    frame({ event, data }: StreamFrame) {
      if (data === undefined || event === 'checkpoint') return
      if (event === 'gap') {
        gaps.push(data.toString())
        return
      }
      seen++
      const source = SOURCE.exec(data.toString('latin1', Math.max(0, data.length - TAIL_BYTES)))
      if (!source) {
        gaps.push(`${event} without a source: ${data.toString()}`)
        return
      }
      const { offsets, hashes } = columns(Number(source[1]))
      offsets.push(Number(source[2]))
      hashes.push(Bun.hash.xxHash32(data))
    },
    resumed() {
      resumed++
    },
    cutMidFrame() {
      cutMidFrame++
    },
    seen: () => seen,
    toLog: (): SubscriberLog => ({
      subscriber,
      resumed,
      cutMidFrame,
      gaps,
      partitions: new Map(
        [...columnsOf].map(([partition, { offsets, hashes }]) => [
          partition,
          { offsets: offsets.toArray(), hashes: hashes.toArray() },
        ]),
      ),
    }),
  }
}

const createColumns = () => ({
  offsets: createNumberColumn(Int32Array),
  hashes: createNumberColumn(Uint32Array),
})

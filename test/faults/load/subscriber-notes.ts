import type { StreamFrame } from './frame-reader.ts'
import { createNumberColumn } from './number-column.ts'

/** Everything that one subscriber received, in order. */
export interface SubscriberLog {
  subscriber: number
  /** Number of successful resumptions. */
  resumed: number
  cutMidFrame: number
  /** Reported gaps, and data without a readable position. */
  gaps: string[]
  /** By partition of DataTopic: the offset of each notification there, and the xxHash32 of its data. */
  partitions: Map<number, { offsets: Int32Array; hashes: Uint32Array }>
}

const SOURCE = /"source":\{"partition":(\d+),"offset":(\d+)\}\}$/
// Longer than the longest match of SOURCE.
const TAIL_BYTES = 80

/** Records each notification without parsing its JSON: hundreds arrive every second for each subscriber. */
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

import { LRUCache } from 'lru-cache'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { sampledTraceIn, type TraceContext } from '../../backbone/tracing/trace-context.ts'
import type { LogChanges } from '../read-model/outcome-store.ts'
import { positionOf } from '../read-model/record.ts'

/** An outcome whose checkout has a sampled trace. */
export interface TracedOutcome {
  context: TraceContext
  eventId: string
  /** The ways in which this process has sent it: see trace-deliveries.ts. */
  sent: Set<string>
}

const MOST = 10_000

/** The newest outcomes with a sampled trace, by position in Notifications: for the spans of their deliveries. */
export function createTracedOutcomes(readModel: Pick<LogChanges, 'logsForgotten'>) {
  const outcomes = new LRUCache<number, TracedOutcome>({ max: MOST })
  let logs = readModel.logsForgotten()

  /** Positions in a topic that was recreated are those of other outcomes. */
  function clearIfRecreated() {
    if (logs === readModel.logsForgotten()) return
    logs = readModel.logsForgotten()
    outcomes.clear()
  }

  function add(partition: number, offset: number, eventId: string, context: TraceContext): void {
    clearIfRecreated()
    outcomes.set(positionOf(partition, offset), { context, eventId, sent: new Set() })
  }

  return {
    add,
    /** Records of Notifications that other members wrote. */
    followed: (partition: number, records: readonly StoredRecord[]): void => {
      for (const { headers, key, offset } of records) {
        const context = sampledTraceIn(headers)
        if (context && key !== null) add(partition, Number(offset), key.toString(), context)
      }
    },
    at(position: number): TracedOutcome | undefined {
      if (outcomes.size === 0) return undefined
      clearIfRecreated()
      return outcomes.get(position)
    },
  }
}

export type TracedOutcomes = ReturnType<typeof createTracedOutcomes>

import type { SendResult } from './send-checkout.ts'
import { createTimes, type Percentiles } from './times.ts'

export interface RequestFigures {
  sent: number
  accepted: number
  /** Not accepted, by status or by why there was no answer. */
  failures: ReadonlyMap<string, number>
  /** Due but never sent. */
  dropped: number
  inFlight: number
}

export interface RequestTimes {
  /** From the due time to the end, however it ended: a client that waits too long has also waited. */
  all: Percentiles
  accepted: Percentiles
  /** From the due time to the sending: what this process itself was late. */
  lateness: Percentiles
}

export function createRequestFigures() {
  const failures = new Map<string, number>()
  const all = createTimes()
  const ofAccepted = createTimes()
  const lateness = createTimes()
  let sent = 0
  let accepted = 0
  let dropped = 0

  return {
    dropped: () => {
      dropped++
    },
    sent(lateMs: number) {
      sent++
      lateness.record(lateMs)
    },
    ended(result: SendResult, latencyMs: number) {
      all.record(latencyMs)
      if ('eventId' in result) {
        accepted++
        ofAccepted.record(latencyMs)
      } else failures.set(result.failure, (failures.get(result.failure) ?? 0) + 1)
    },
    inFlight: () => sent - all.count(),
    figures: (): RequestFigures => ({
      sent,
      accepted,
      failures,
      dropped,
      inFlight: sent - all.count(),
    }),
    times: (): RequestTimes => ({
      all: all.percentiles(),
      accepted: ofAccepted.percentiles(),
      lateness: lateness.percentiles(),
    }),
  }
}

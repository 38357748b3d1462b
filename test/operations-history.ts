import type { EventDetails, MemberEvent, MemberEventCode } from '../backbone/figures/member-event.ts'
import type { HistoryPoint, OperationsTick, SystemState } from '../backbone/operations/system-state.ts'
import { NOW } from './operations-states.ts'

type Happened = {
  [Code in MemberEventCode]: [ago: number, by: string, code: Code, details: EventDetails[Code]]
}[MemberEventCode]

const events: Happened[] = [
  [7_260, 'processor-2', 'started', {}],
  [7_258, 'processor-2', 'partition-claimed', { partitions: '2, 3' }],
  [1_804, 'gateway-1', 'overload-began', { refused: 120, limit: 88 }],
  [1_610, 'gateway-1', 'overload-ended', {}],
  [420, 'gateway-2', 'access-refused', { detail: 'Write to the topic DataTopic' }],
  [61, 'processor-2', 'paused', { seconds: 9 }],
  [45, 'gateway-1', 'processor-silent', { processor: 'http://127.0.0.1:8091' }],
]

export const memberEvents: MemberEvent[] = events.map(
  ([ago, by, code, details], number) =>
    ({
      is: 'event',
      member: by,
      run: `run-${by}`,
      number,
      at: NOW - ago * 1_000,
      code,
      details,
    }) as MemberEvent,
)

/** A quarter of an hour that rises to a peak, with a gap of 40 s in which nothing was known. */
export const points: HistoryPoint[] = Array.from({ length: 900 }, (_, n) => {
  const wave = 1 + Math.sin(n / 23) * 0.08 + Math.sin(n / 5) * 0.03
  const peak = Math.max(0, n - 500) / 400
  return {
    at: NOW - (899 - n) * 1_000,
    purchases: (550 + 2_260 * peak) * wave,
    visits: (270 + 500 * peak) * wave,
    refusedPurchases: 0,
    refusedVisits: n > 700 ? 6 * (n - 700) * wave : 0,
    p50: 6 * wave,
    p99: 24 * wave * (1 + 4 * peak),
    outcomes: 820 * wave,
    delayP50: 14,
    delayP99: 60 * wave * (1 + 3 * peak),
    lagRecords: 18,
    lagSeconds: n > 800 ? (n - 800) / 10 : 0,
    load: n > 500 ? { planned: 5_000 * peak, accepted: 3_100 * peak * wave, p99: 122 } : null,
  }
}).filter((_, n) => n < 300 || n > 340)

/** A second with this state. */
export function tickOf(state: SystemState): OperationsTick {
  const last = points.at(-1)
  if (last === undefined) throw new Error('there are points')
  return { state, point: { ...last, at: state.at }, events: [] }
}

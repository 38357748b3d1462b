import { now } from '../../../loadgen/clock.ts'

const TURN_MS = 2
const STARTS_PER_TURN = 50

/**
 * Open model: arrival n comes at `startAt` + n / rate, independent of the others; it may be late, but is
 * never dropped.
 */
export function startArrivals(rate: number, arrive: (number: number, dueAt: number) => void) {
  const startAt = now()
  let next = 0
  let timer: NodeJS.Timeout

  const dueAt = (number: number) => startAt + (number * 1_000) / rate

  function turn() {
    // Starting many without a break would leave answers unread, and their latency would be this program's.
    for (let started = 0; started < STARTS_PER_TURN && dueAt(next) <= now(); started++) {
      arrive(next, dueAt(next))
      next++
    }
    timer = setTimeout(turn, dueAt(next) <= now() ? 0 : TURN_MS)
  }
  turn()

  return { count: () => next, stop: () => clearTimeout(timer) }
}

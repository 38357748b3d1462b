import { ProblemError } from '../problem.ts'
import { orAborted } from '../process/or-aborted.ts'

/**
 * Costly reads, one at a time in the order of their arrival, with at most `mostWaiting` behind it. `reason` says why
 * one more is refused while so many are being read. p-limit would keep the places of clients that have given up.
 */
export function createReadQueue(mostWaiting: number, reason: (reads: number) => string) {
  let last: Promise<unknown> = Promise.resolve()
  let entered = 0

  /** Reads when those before have ended, or when `until` is aborted. Throws `results-unavailable` if too many wait. */
  return function enqueue<Result>(until: AbortSignal, read: () => Promise<Result>): Promise<Result> {
    if (entered > mostWaiting) {
      throw new ProblemError('results-unavailable', {
        detail: `${reason(entered)} at this processor; retry in a few seconds`,
      })
    }
    entered++
    const before = last
    const { promise: left, resolve: leave } = Promise.withResolvers<void>()
    last = Promise.all([before, left])
    return orAborted(before, until)
      .then(read)
      .finally(() => {
        entered--
        leave()
      })
  }
}

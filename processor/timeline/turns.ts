import { ProblemError } from '../../backbone/problem.ts'

export interface Turn {
  /** Resolves when it is this one's turn. */
  begins: Promise<unknown>
  /** Lets the next one begin, or gives the place in the queue up. */
  end: () => void
}

/** One at a time, in the order of their arrival, with at most `mostWaiting` behind it. */
export function createTurns(mostWaiting: number): () => Turn {
  let last: Promise<unknown> = Promise.resolve()
  let taken = 0

  /** Throws `results-unavailable`. */
  return function take() {
    if (taken > mostWaiting) {
      throw new ProblemError('results-unavailable', {
        detail: `${taken} timelines are being read at this processor; retry in a few seconds`,
      })
    }
    taken++
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const begins = last
    last = Promise.all([begins, ended])
    return {
      begins,
      end() {
        taken--
        resolve()
      },
    }
  }
}

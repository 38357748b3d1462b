import type { Random } from '../../../loadgen/shoppers/draws.ts'

// By then some data should have arrived, to be cut in the middle.
const CUT_WITHIN_MS = 1_000

/** Cuts a stream at random times, in the middle of the next piece. */
export function createScissors(random: Random, { minMs, maxMs }: { minMs: number; maxMs: number }) {
  let timer: NodeJS.Timeout | undefined
  let due = false
  let quiet = false

  function rest() {
    clearTimeout(timer)
    due = false
  }

  return {
    /** Waits for the next time; calls `cut` if no data arrived to be cut. */
    open(cut: () => void) {
      rest()
      if (quiet) return
      timer = setTimeout(
        () => {
          due = true
          timer = setTimeout(cut, CUT_WITHIN_MS)
        },
        minMs + random() * (maxMs - minMs),
      )
    },
    /** The length of a piece that is still delivered; undefined: all of it. */
    cutsAt: (piece: Uint8Array) => (due ? Math.floor(random() * piece.length) : undefined),
    rest,
    /** No more cuts. */
    quiet() {
      quiet = true
      rest()
    },
  }
}

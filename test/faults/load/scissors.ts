import type { Random } from '../../../loadgen/shoppers/draws.ts'

// By then something should have come in the middle of which to cut.
const CUT_WITHIN_MS = 1_000

/** Cuts a stream at random times, in the middle of whatever arrives then. */
export function createScissors(random: Random, { minMs, maxMs }: { minMs: number; maxMs: number }) {
  let timer: NodeJS.Timeout | undefined
  let due = false
  let quiet = false

  function rest() {
    clearTimeout(timer)
    due = false
  }

  return {
    /** Begins to wait for the next time; `cut` is called when nothing came to be cut. */
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
    /** How much of a piece still arrives; undefined when all of it does. */
    cutsAt: (piece: Uint8Array) => (due ? Math.floor(random() * piece.length) : undefined),
    rest,
    /** No more cuts. */
    quiet() {
      quiet = true
      rest()
    },
  }
}

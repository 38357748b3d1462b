export interface Deadline {
  readonly at: number
  /** Undefined once it has passed or was called off. */
  passed: (() => void) | undefined
}

const RESOLUTION_MS = 50

/**
 * Deadlines that all have the same delay, thousands a second, of which hardly one ever passes: a timer of the runtime for
 * each would cost more than the work that it watches. They may be late by a twentieth of a second. `clock` may stand still.
 */
export function createDeadlines(afterMs: number, clock = () => performance.now()) {
  // In the order in which they end, because all have the same delay. Closed ones are removed at the next look. A Set, which
  // removes each at once, would hold up the garbage collector: see ShortLivedMap.
  let deadlines: Deadline[] = []
  let open = 0
  let timer: ReturnType<typeof setInterval> | undefined

  function look() {
    const now = clock()
    for (const deadline of deadlines) {
      if (deadline.at > now) break
      deadline.passed?.()
      callOff(deadline)
    }
    deadlines = deadlines.filter(isOpen)
    if (deadlines.length > 0) return
    clearInterval(timer)
    timer = undefined
  }

  function callOff(deadline: Deadline): boolean {
    if (!isOpen(deadline)) return false
    deadline.passed = undefined
    open--
    return true
  }

  return {
    begin(passed: () => void): Deadline {
      const deadline = { at: clock() + afterMs, passed }
      deadlines.push(deadline)
      open++
      timer ??= setInterval(look, Math.min(RESOLUTION_MS, Math.max(1, afterMs / 4)))
      return deadline
    },
    /** False if it has passed or was called off before. */
    callOff,
    /** Number of deadlines that have neither passed nor been called off. */
    open: () => open,
    /** How long ago the oldest open one began, in milliseconds; 0 if there is none. */
    longestMs: (): number => {
      const oldest = deadlines.find(isOpen)
      return oldest === undefined ? 0 : clock() - (oldest.at - afterMs)
    },
  }
}

const isOpen = ({ passed }: Deadline) => passed !== undefined

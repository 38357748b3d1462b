interface Deadline {
  at: number
  passed: () => void
}

const RESOLUTION_MS = 50

/**
 * Deadlines that all have the same delay, thousands a second, of which hardly one ever passes: a timer of the runtime for
 * each would cost more than the work that it watches. They may be late by a twentieth of a second.
 */
export function createDeadlines(afterMs: number) {
  // In the order in which they end, because all have the same delay.
  const open = new Set<Deadline>()
  let timer: ReturnType<typeof setInterval> | undefined

  function look() {
    const now = performance.now()
    for (const deadline of open) {
      if (deadline.at > now) break
      open.delete(deadline)
      deadline.passed()
    }
    if (open.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  /** Returns a function that cancels the deadline. */
  return (passed: () => void): (() => void) => {
    const deadline = { at: performance.now() + afterMs, passed }
    open.add(deadline)
    timer ??= setInterval(look, Math.min(RESOLUTION_MS, Math.max(1, afterMs / 4)))
    return () => void open.delete(deadline)
  }
}

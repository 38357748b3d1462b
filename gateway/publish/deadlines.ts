interface Deadline {
  at: number
  passed: () => void
}

const RESOLUTION_MS = 50

/**
 * Deadlines that are all so far away, for thousands a second of which hardly one ever passes: a timer of the runtime for each
 * costs more than what it watches. They may be late by a twentieth of a second.
 */
export function createDeadlines(afterMs: number) {
  // In the order in which they end, which is that in which they began.
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

  /** Returns what calls it off. */
  return (passed: () => void): (() => void) => {
    const deadline = { at: performance.now() + afterMs, passed }
    open.add(deadline)
    timer ??= setInterval(look, Math.min(RESOLUTION_MS, Math.max(1, afterMs / 4)))
    return () => void open.delete(deadline)
  }
}

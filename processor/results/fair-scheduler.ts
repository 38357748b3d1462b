/**
 * Schedules long tasks fairly, in pieces: one piece in each turn of the event loop, in the order of the
 * requests. Other work waits for at most one piece, for any number of tasks.
 */
export function createFairScheduler(): () => Promise<void> {
  const waiting: (() => void)[] = []

  function give() {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(give)
  }

  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(give)
    })
}

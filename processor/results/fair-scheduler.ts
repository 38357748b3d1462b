/**
 * Gives those who have much to do their turns: one in each turn of the event loop, in the order in which they asked. However
 * many there are, whatever else comes waits for one piece of their work at most.
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

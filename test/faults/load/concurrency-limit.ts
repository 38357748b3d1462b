/** Limits the number of concurrent tasks; the others wait in order. */
export function createConcurrencyLimit(most: number) {
  const queue: (() => void)[] = []
  let free = most

  return {
    /** Resolves when the task may start. */
    acquire(): Promise<void> {
      if (free > 0) {
        free--
        return Promise.resolve()
      }
      const waiting = Promise.withResolvers<void>()
      queue.push(waiting.resolve)
      return waiting.promise
    },
    release() {
      const next = queue.shift()
      if (next) next()
      else free++
    },
  }
}

export type ConcurrencyLimit = ReturnType<typeof createConcurrencyLimit>

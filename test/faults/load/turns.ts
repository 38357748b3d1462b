/** Limits the number of concurrent tasks; the others wait in order. */
export function createTurns(most: number) {
  const queue: (() => void)[] = []
  let free = most

  return {
    /** Resolves when the task may start. */
    take(): Promise<void> {
      if (free > 0) {
        free--
        return Promise.resolve()
      }
      const turn = Promise.withResolvers<void>()
      queue.push(turn.resolve)
      return turn.promise
    },
    giveBack() {
      const next = queue.shift()
      if (next) next()
      else free++
    },
  }
}

export type Turns = ReturnType<typeof createTurns>

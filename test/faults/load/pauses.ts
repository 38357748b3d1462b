/** Pauses that can be ended all together, tens of thousands of them, which as many listeners on one signal would not bear. */
export function createPauses() {
  const pausing = new Map<() => void, NodeJS.Timeout>()
  let ended = false

  return {
    pause(ms: number): Promise<void> {
      if (ended || ms <= 0) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      const wake = () => {
        pausing.delete(wake)
        resolve()
      }
      pausing.set(wake, setTimeout(wake, ms))
      return promise
    },
    /** None is begun any more either. */
    end() {
      ended = true
      for (const [wake, timer] of pausing) {
        clearTimeout(timer)
        wake()
      }
    },
  }
}

export type Pauses = ReturnType<typeof createPauses>

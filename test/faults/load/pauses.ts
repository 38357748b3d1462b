/**
 * Pauses that can all be ended at once. There are tens of thousands: too many for a listener each on one signal.
 */
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
    /** No new pause begins either. */
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

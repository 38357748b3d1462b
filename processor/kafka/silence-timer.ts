// Longer than a session, a rebalance, and a broker's session with Kafka's own settings: a member that has not heard from a
// coordinator for so long is out of the group.
const SILENT_MS = 12_000

/** Calls `onSilent` when the coordinator of a group has been silent for too long since the last `restart`. */
export function createSilenceTimer(onSilent: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  return {
    restart: (): void => {
      clearTimeout(timer)
      if (!stopped) timer = setTimeout(onSilent, SILENT_MS)
    },
    stop: (): void => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

export type SilenceTimer = ReturnType<typeof createSilenceTimer>

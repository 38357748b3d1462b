const firstDelayMs = 500
const longestDelayMs = 15_000
const minuteMs = 60_000
const mostDeathsInAMinute = 4

/** The delay before the next restart of a child, and whether it has died too often. */
export function createRestartPolicy(): (
  startedAt: number,
  diedAt: number,
) => { waitMs: number; tooOften: boolean } {
  let delay = firstDelayMs
  let deaths: number[] = []

  return (startedAt, diedAt) => {
    deaths = [...deaths.filter((at) => diedAt - at < minuteMs), diedAt]
    if (diedAt - startedAt >= minuteMs) delay = firstDelayMs
    const waitMs = delay
    delay = Math.min(2 * delay, longestDelayMs)
    return { waitMs, tooOften: deaths.length > mostDeathsInAMinute }
  }
}

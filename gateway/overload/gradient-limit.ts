interface GradientLimitOptions {
  initial: number
  least: number
  most: number
}

// The constants of Netflix's Gradient2Limit, except for the window: theirs is a second, in which a gateway
// fills its queue.
const WINDOW_MS = 100
const LEAST_SAMPLES = 10
const LONG_WINDOWS = 6_000
const WARM_UP_WINDOWS = 10
const TOLERANCE = 1.5
const SMOOTHING = 0.2
const QUEUE = 4
const RECOVERY = 0.95

/**
 * Finds the concurrency limit from latency: Gradient2 of Netflix's concurrency-limits (`clamp(1.5 · long /
 * short, 0.5, 1) · limit + queue`, smoothed). If the mean latency of a window is more than half above the
 * long-term average, requests wait for each other, and the limit falls. Otherwise it grows while it is used.
 */
export function createGradientLimit(
  { initial, least, most }: GradientLimitOptions,
  now: () => number = () => performance.now(),
) {
  let limit = initial
  let long = 0
  let windows = 0
  let window = { since: now(), sum: 0, samples: 0, mostInFlight: 0 }

  function addToLong(short: number) {
    windows++
    const weight = 1 / (windows <= WARM_UP_WINDOWS ? windows : Math.min(windows, LONG_WINDOWS))
    long += (short - long) * weight
    // After a long overload the long-term average has become too large.
    if (long > 2 * short) long *= RECOVERY
  }

  function endWindow() {
    const short = window.sum / window.samples
    addToLong(short)
    if (window.mostInFlight >= limit / 2) {
      const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * long) / short))
      const target = limit * gradient + QUEUE
      limit = Math.max(least, Math.min(most, limit + (target - limit) * SMOOTHING))
    }
    window = { since: now(), sum: 0, samples: 0, mostInFlight: 0 }
  }

  return {
    /** Reports the latency of one request, and the number in flight when it began. */
    observe(milliseconds: number, inFlight: number): void {
      window.sum += milliseconds
      window.samples++
      window.mostInFlight = Math.max(window.mostInFlight, inFlight)
      if (window.samples >= LEAST_SAMPLES && now() - window.since >= WINDOW_MS) endWindow()
    },
    current: (): number => Math.floor(limit),
  }
}

const INTERVAL_MS = 50
const REMEMBERED = 20

/** How late timers were at worst within the last second, in milliseconds. */
export function watchLoopDelay(): () => number {
  const delays: number[] = []
  let expected = performance.now() + INTERVAL_MS
  const timer = setInterval(() => {
    const now = performance.now()
    delays.push(Math.max(0, now - expected))
    if (delays.length > REMEMBERED) delays.shift()
    expected = now + INTERVAL_MS
  }, INTERVAL_MS)
  timer.unref()
  return () => Math.max(0, ...delays)
}

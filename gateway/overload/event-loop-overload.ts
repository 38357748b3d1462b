const INTERVAL_MS = 10
// Schedulers and garbage collection cause shorter delays.
const LATE_MS = 5
// Time that other processes take from the same cores is not this process's own work: rejections would not
// reduce it.
const LEAST_OWN_SHARE = 0.7
// A burst, for example after a pause of Kafka, ends before it counts: rejecting it would only cause retries.
const SMOOTHED_OVER_MS = 250
const TOO_MUCH = 0.25

/**
 * Whether this process is overloaded: recently its event loop was delayed for a quarter of the time by its
 * own work. Every new request waits for that work before it can be admitted or rejected.
 */
export function watchEventLoopOverload(cpuMs: () => number = ownCpuMs): () => boolean {
  let last = performance.now()
  let lastCpu = cpuMs()
  let shareLate = 0
  const timer = setInterval(() => {
    const now = performance.now()
    const cpu = cpuMs()
    const elapsed = now - last
    const late = elapsed - INTERVAL_MS
    const isOwnWork = cpu - lastCpu >= LEAST_OWN_SHARE * elapsed
    const lateNow = late >= LATE_MS && isOwnWork ? late / elapsed : 0
    shareLate += (lateNow - shareLate) * (1 - Math.exp(-elapsed / SMOOTHED_OVER_MS))
    last = now
    lastCpu = cpu
  }, INTERVAL_MS)
  timer.unref()
  return () => shareLate >= TOO_MUCH
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

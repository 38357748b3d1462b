const INTERVAL_MS = 10
// Less is what schedulers and collectors of garbage do.
const LATE_MS = 5
// What others on the same cores take of its time is none of its own work: to refuse would not make them take less.
const LEAST_OWN_SHARE = 0.7
// A burst, as after a pause of Kafka, is over before it counts: what is refused then would come again to nobody's gain.
const SMOOTHED_OVER_MS = 250
const TOO_MUCH = 0.25

/**
 * Whether this process has more to do than it can: by its own work, its event loop has been late for a quarter of the time
 * lately. Whatever arrives waits for that before anything can be decided about it.
 */
export function watchOverwork(cpuMs: () => number = ownCpuMs): () => boolean {
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

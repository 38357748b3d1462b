import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { avoidIdleTimers } from '../backbone/kafka/idle-timers.ts'
import { memoryLimit } from '../test/memory-limit.ts'
import { endChildrenWithThisProcess } from './children.ts'
import { formatNumber } from './compare/format-result.ts'
import { openSite } from './compare/site.ts'
import { startSystem } from './compare/start-system.ts'
import { ownFlags, wholeNumber } from './flags.ts'
import { formatTable } from './format-table.ts'
import { pin } from './pin.ts'
import { spreadOf } from './spread.ts'
import { followedMetrics } from './tools/followed-load.ts'
import { runLoadgen } from './tools/run-loadgen.ts'

const MINUTE_MS = 60_000
const SAMPLE_EVERY_MS = 5_000
const MOST_GROWTH = 1.1
const COLUMNS = 5
// For the load generator, which looks up outcomes that are missing on the event stream.
const GRACE_MS = 600_000

const { minutes, rate } = ownFlags(
  'npm run bench:soak',
  'Records the memory of each process every minute under a steady load, and checks that the load was served. Gateway and processor have the memory limits of docker-compose.yml.',
  {
    minutes: wholeNumber('duration in minutes', 60, { least: 2 }),
    rate: wholeNumber('checkouts per second', 1_000),
  },
)

const summarySchema = z.object({ metrics: followedMetrics })

avoidIdleTimers()
pin(process.pid, 'rest')
const log = (line: string) => console.error(line)
const site = openSite({ seconds: minutes * 60, records: 0, log })
endChildrenWithThisProcess(site.end)
const system = await startSystem(site, {
  gateway: memoryLimit('gateway'),
  processor: memoryLimit('processor'),
})
type Name = keyof ReturnType<typeof system.residentMiB>

/** The median of each minute: a single sample may include garbage. */
const minutesOf: Record<Name, number[]> = { gateway: [], processor: [], broker: [] }
const names = Object.keys(minutesOf) as Name[]

async function watchMemory(): Promise<void> {
  const start = performance.now()
  for (let minute = 1; minute <= minutes; minute++) {
    const samples: Record<Name, number>[] = []
    while (performance.now() < start + minute * MINUTE_MS) {
      await sleep(SAMPLE_EVERY_MS)
      samples.push(system.residentMiB())
    }
    for (const name of names) minutesOf[name].push(spreadOf(samples.map((sample) => sample[name])).median)
    log(
      `minute ${minute}: ${names.map((name) => `${name} ${minutesOf[name].at(-1)?.toFixed(0)}`).join(', ')} MiB`,
    )
  }
}

const load = ['--target', system.url, '--rate', String(rate), '--duration', `${minutes}m`, '--workers', '1']
const [{ summary }] = await Promise.all([
  runLoadgen(load, minutes * MINUTE_MS + GRACE_MS, summarySchema),
  watchMemory(),
])
await system.end()
await site.end()

const shown = Array.from({ length: COLUMNS }, (_, i) => 1 + Math.round((i * (minutes - 2)) / (COLUMNS - 1)))
const growthOf = (name: Name) => (minutesOf[name].at(-1) ?? Number.NaN) / (minutesOf[name][1] ?? Number.NaN)
console.log(
  formatTable([
    ['MiB in minute', ...shown.map((index) => String(index + 1)), 'last to 2nd'],
    ...names.map((name) => [
      name,
      ...shown.map((index) => formatNumber(minutesOf[name][index] ?? Number.NaN)),
      growthOf(name).toFixed(2),
    ]),
  ]),
)
const grown = names.filter((name) => growthOf(name) > MOST_GROWTH)
console.log(
  `target: at most ${MOST_GROWTH}: ${grown.length === 0 ? 'passed' : `missed by ${grown.join(', ')}`}\n`,
)

const { metrics } = summary
const quantilesOf = (name: 'http_req_duration' | 'notification_delay') =>
  `p50 ${metrics[name].med.toFixed(0)} ms, p99 ${metrics[name]['p(99)'].toFixed(0)} ms`
console.log(`${metrics.iterations.count} checkouts, ${metrics.dropped_iterations.count} dropped by the load generator
answers: ${quantilesOf('http_req_duration')}; failed: ${(metrics.http_req_failed.value * 100).toFixed(3)} %
outcomes: ${quantilesOf('notification_delay')} after the POST
lost ${metrics.lost.count}, duplicated ${metrics.duplicated.count}, wrong ${metrics.wrong.count}`)
process.exit(metrics.lost.count + metrics.duplicated.count + metrics.wrong.count === 0 ? 0 : 1)

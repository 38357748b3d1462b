import { z } from 'zod'
import { followedMetrics, type Trend } from '../tools/followed-load.ts'
import { timeLimit } from '../tools/load-tool.ts'
import { runLoadgen } from '../tools/run-loadgen.ts'
import type { Comparison, Round } from './comparison.ts'
import { startSystem } from './start-system.ts'

/** Checkouts a second. */
export const RATE = 500
const WARM_UP_SECONDS = 5
// Outcomes missing on the stream are looked up before they count as lost.
const VERIFYING_MS = 30_000

const summarySchema = z.object({ metrics: followedMetrics })

const figuresOf = ({ med, ...rest }: Trend) => ({ p50: med, p99: rest['p(99)'] })

type System = Awaited<ReturnType<typeof startSystem>>

/** In one run of the load generator, which follows every checkout to its outcome on the event stream. */
export async function measureDelays({ url, cpuMs }: System, seconds: number): Promise<Round> {
  const before = cpuMs()
  const load = ['--target', url, '--rate', String(RATE), '--duration', `${seconds}s`, '--workers', '1']
  const { summary } = await runLoadgen(load, timeLimit(seconds) + VERIFYING_MS, summarySchema)
  const { metrics } = summary
  const after = cpuMs()
  const cpuUs = (of: keyof typeof after) => ((after[of] - before[of]) * 1_000) / metrics.iterations.count
  const audit = {
    perSecond: metrics.iterations.count / seconds,
    lost: metrics.lost.count,
    doubled: metrics.duplicated.count,
    wrong: metrics.wrong.count,
    brokerUs: cpuUs('broker'),
    gatewayUs: cpuUs('gateway'),
    processorUs: cpuUs('processor'),
  }
  return {
    measured: { ...figuresOf(metrics.notification_delay), ...audit },
    baseline: figuresOf(metrics.http_req_duration),
  }
}

export const delay: Comparison = {
  name: 'delay',
  measured: `from POST to the outcome on the event stream, at ${RATE}/s`,
  baseline: 'from POST to its 202, in the same run',
  shown: {
    p50: 'p50, ms',
    p99: 'p99, ms',
    perSecond: 'checkouts/s',
    lost: 'lost',
    doubled: 'duplicated',
    wrong: 'wrong',
    brokerUs: 'CPU µs of the broker for each',
    gatewayUs: 'of the gateway',
    processorUs: 'of the processor',
  },
  ratios: [
    { figure: 'p50', title: 'p50', better: 'less', target: undefined },
    { figure: 'p99', title: 'p99', better: 'less', target: 4 },
  ],
  async prepare(site) {
    const system = await startSystem(site)
    await measureDelays(system, WARM_UP_SECONDS)
    return { round: () => measureDelays(system, site.seconds), end: () => system.end() }
  },
}

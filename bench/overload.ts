import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { avoidIdleTimers } from '../backbone/kafka/idle-timers.ts'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { freePorts } from '../deploy/ports.ts'
import { startWatchdog } from '../deploy/watchdog.ts'
import { endChildrenWithThisProcess } from './children.ts'
import { file, ownFlags, wholeNumber } from './flags.ts'
import { formatTable } from './format-table.ts'
import { pin, whoHasWhichCores } from './pin.ts'
import { plotPercentiles } from './plot-percentiles.ts'
import { program } from './program.ts'
import { formatSpread, spreadOf } from './spread.ts'
import { startService } from './start-service.ts'
import { timeLimit } from './tools/load-tool.ts'
import { runLoadgen } from './tools/run-loadgen.ts'

// Start-up of gateways and load generators is not measured.
const WARM_UP_SECONDS = 10
const LEAD_IN_SECONDS = 4
const AFTERWARDS_SECONDS = 10

avoidIdleTimers()
pin(process.pid, 'rest')

const { rate, before, factor, seconds, rounds, plot } = ownFlags(
  'npm run bench:overload',
  'Sends purchases at a constant rate, and visits at a low, a high and again a low rate, to a gateway and to a plain queue.',
  {
    rate: wholeNumber('purchases per second', 150),
    before: wholeNumber('visits per purchase before and after the peak', 1),
    factor: wholeNumber('visits per purchase at the peak', 12),
    seconds: wholeNumber('seconds before the peak, and of the peak', 15),
    rounds: wholeNumber('rounds of each gateway', 3),
    plot: file('writes a plot of p99 over time to an SVG file'),
  },
)

/** Results of the purchases of one round. */
interface Round {
  accepted: number
  calmP99: number
  peakP99: number
  afterP99: number
  growthMiB: number
  timeline: Result['load']['timeline']
}

const gateways = { 'by criticality': 'gateway/main.ts', 'a plain queue': 'bench/servers/plain-gateway.ts' }
type Gateway = keyof typeof gateways

// The result does not contain stages without a duration.
const STAGES = { before: 1, peak: 2, after: 3 }
const stagesOf = (calm: number, peak: number) => [
  `${LEAD_IN_SECONDS}s:${calm}`,
  `${seconds}s:${calm}`,
  `0s:${peak}`,
  `${seconds}s:${peak}`,
  `0s:${calm}`,
  `${AFTERWARDS_SECONDS}s:${calm}`,
]
const LONGEST_SECONDS = Math.max(WARM_UP_SECONDS, LEAD_IN_SECONDS + 2 * seconds + AFTERWARDS_SECONDS)

const resultSchema = z.object({
  load: z.object({
    stages: z.array(
      z.object({
        metrics: z.object({
          http_req_duration: z.object({ 'p(99)': z.number() }),
          http_req_failed: z.object({ value: z.number() }),
        }),
      }),
    ),
    timeline: z.array(z.object({ at: z.number(), duration: z.object({ p99: z.number() }).nullish() })),
  }),
})
type Result = z.infer<typeof resultSchema>

/** Purchases or visits only; `calm` is the rate before the first stage. */
async function load(target: string, buyers: boolean, calm: number, stages: string[]): Promise<Result> {
  const one = ['--target', target, '--rate', String(calm), '--buyers', buyers ? '1' : '0', '--timeout', '10s']
  const all = stages.flatMap((stage) => ['--stage', stage])
  const args = [...one, ...all, '--no-verify', '--workers', '1']
  const { summary } = await runLoadgen(args, timeLimit(LONGEST_SECONDS), resultSchema)
  return summary
}

async function measure(gateway: Gateway, brokers: string[]): Promise<Round> {
  const [port = 0] = await freePorts(1)
  const started = await startService({
    command: program(gateways[gateway]),
    port,
    env: { KAFKA_BROKERS: brokers.join(',') },
    role: 'product',
  })
  try {
    await load(started.url, true, rate, [`${WARM_UP_SECONDS}s:${rate}`])
    const memoryBefore = started.residentMiB()
    const [result] = await Promise.all([
      load(started.url, true, rate, stagesOf(rate, rate)),
      load(started.url, false, rate * before, stagesOf(rate * before, rate * factor)),
    ])
    const stage = (name: keyof typeof STAGES) => {
      const { metrics } = result.load.stages[STAGES[name]] ?? expectStage(name)
      return { p99: metrics.http_req_duration['p(99)'], failed: metrics.http_req_failed.value }
    }
    return {
      accepted: 1 - stage('peak').failed,
      calmP99: stage('before').p99,
      peakP99: stage('peak').p99,
      afterP99: stage('after').p99,
      growthMiB: started.residentMiB() - memoryBefore,
      timeline: result.load.timeline,
    }
  } finally {
    await started.stop()
  }
}

function expectStage(name: string): never {
  throw new Error(`the load has no stage ${name}`)
}

const folder = mkdtempSync(join(tmpdir(), 'overload-bench-'))
const watchdog = startWatchdog(folder)
// Also asked for by a signal, while the run itself ends.
let ending: Promise<void> | undefined
const end = () => (ending ??= watchdog.drain().then(() => rmSync(folder, { recursive: true, force: true })))
endChildrenWithThisProcess(end)
const kafka = await startKafka({ dataDir: folder, brokers: 1, watchdog, log: console.error })
const results: Record<Gateway, Round[]> = { 'by criticality': [], 'a plain queue': [] }
try {
  for (let round = 0; round < rounds; round++) {
    // Kafka is slower at first, which must not always affect the same gateway.
    const order = Object.keys(gateways) as Gateway[]
    for (const gateway of round % 2 === 0 ? order : order.toReversed()) {
      results[gateway].push(await measure(gateway, kafka.bootstrap))
      console.error(`round ${round + 1} of ${rounds}: ${gateway}`)
    }
  }
} finally {
  await end()
}

const ms = (value: number) => value.toFixed(0)
const cell = (gateway: Gateway, pick: (round: Round) => number, format: (value: number) => string) =>
  formatSpread(spreadOf(results[gateway].map(pick)), format)
const rowsOf = (gateway: Gateway) => [
  gateway,
  cell(
    gateway,
    ({ accepted }) => accepted * 100,
    (value) => value.toFixed(2),
  ),
  cell(gateway, ({ calmP99 }) => calmP99, ms),
  cell(gateway, ({ peakP99 }) => peakP99, ms),
  cell(
    gateway,
    ({ peakP99, calmP99 }) => peakP99 / calmP99,
    (value) => value.toFixed(1),
  ),
  cell(gateway, ({ afterP99 }) => afterP99, ms),
  cell(gateway, ({ growthMiB }) => growthMiB, ms),
]
console.log(
  `${rate} purchases/s constantly; ${rate * before} visits/s for ${seconds} s, ${rate * factor} for ${seconds} s, ${rate * before} for ${AFTERWARDS_SECONDS} s; ${rounds} rounds
${whoHasWhichCores()}\n`,
)
console.log(
  formatTable([
    [
      'buyers',
      'accepted, %',
      'p99 before, ms',
      'p99 at the peak, ms',
      'of before',
      'p99 after, ms',
      'MiB more',
    ],
    ...(Object.keys(gateways) as Gateway[]).map(rowsOf),
  ]),
)
if (plot !== undefined) {
  mkdirSync(join(plot, '..'), { recursive: true })
  const series = (Object.keys(gateways) as Gateway[]).map((name) => ({
    name,
    points: (results[name].at(-1)?.timeline ?? []).map(({ at, duration }) => ({ at, value: duration?.p99 })),
  }))
  writeFileSync(
    plot,
    plotPercentiles(series, {
      from: LEAD_IN_SECONDS + seconds,
      to: LEAD_IN_SECONDS + 2 * seconds,
    }),
  )
}

import { parentPort, workerData } from 'node:worker_threads'
import { now } from '../clock.ts'
import type { ScenarioPlan } from '../scenario-plan.ts'
import { readReplay } from '../shoppers/read-replay.ts'
import { createSeededRandom } from '../shoppers/seeded-random.ts'
import { sleep } from '../sleep.ts'
import type { Target } from '../target.ts'
import { replaySource, shopperSource } from './checkout-source.ts'
import type { RateChange } from './rate-segments.ts'
import type { RecordedPace } from './recorded-schedule.ts'
import { RequestError, type RequestFailure } from './request-error.ts'
import { createScenarioRun } from './run-scenario.ts'
import { createSampleBuffer, type SampleBatch } from './samples.ts'
import { createSender } from './send-checkout.ts'

const REPORT_EVERY_MS = 100

/** Data that a thread is started with. */
export interface SenderData extends Target {
  plans: ScenarioPlan[]
  seed: number
  /** Different in every run, also with the same seed: the same shopper makes a new purchase. */
  run: string
  needsEventId: boolean
  record: boolean
  replay: string | undefined
  pace: RecordedPace | undefined
  worker: number
  workers: number
}

export type SenderCommand =
  | { kind: 'start'; startAt: number }
  | { kind: 'rate'; change: RateChange }
  | { kind: 'stop' }

export type SenderReport =
  | { kind: 'ready'; lines: number | undefined }
  | { kind: 'unreachable'; failure: RequestFailure; reason: string }
  | { kind: 'samples'; batch: SampleBatch }
  | { kind: 'done' }

const data = workerData as SenderData
const { plans, seed, worker, workers } = data
const samples = createSampleBuffer()
const stop = new AbortController()
const report = (message: SenderReport) => parentPort?.postMessage(message)
const reportSamples = (untilMs: number) => {
  const unanswered = scenarioRuns.flatMap((scenario) => scenario.unanswered())
  report({ kind: 'samples', batch: samples.take(untilMs, unanswered) })
}

const replay = data.replay === undefined ? undefined : await readReplay(data.replay, worker, workers)

// A different seed for each scenario. Not the next number: that is another run's seed.
const seedOf = (scenario: number) => (seed ^ Math.imul(scenario, 0x9e3779b1)) >>> 0

const scenarioRuns = plans.map((plan, scenario) => {
  const randomizer = createSeededRandom()
  randomizer.seed([seed, scenario * workers + worker])
  return createScenarioRun({
    ...data,
    plan,
    scenario,
    source: replay
      ? replaySource((iteration) => replay.bodyOf(iteration))
      : shopperSource(seedOf(scenario), plan.shares),
    limit: replay?.total ?? Number.POSITIVE_INFINITY,
    sender: createSender({ ...data, timeoutMs: plan.timeoutMs }),
    samples,
    keyPrefix: `${data.run}-${scenario}`,
    random: () => randomizer.next(),
    share: { worker, workers },
  })
})

/** At the same times in all threads, so that their reports cover the same period. */
async function reportRegularly(startAt: number, done: AbortSignal) {
  for (let mark = REPORT_EVERY_MS; !done.aborted; ) {
    await sleep(Math.max(0, startAt + mark - now()), done)
    const passed = Math.floor((now() - startAt) / REPORT_EVERY_MS) * REPORT_EVERY_MS
    if (done.aborted || passed < mark) continue
    reportSamples(passed)
    mark = passed + REPORT_EVERY_MS
  }
}

async function run(startAt: number) {
  const done = new AbortController()
  const reporting = reportRegularly(startAt, done.signal)
  await Promise.all(scenarioRuns.map(({ run: runScenario }) => runScenario(startAt, stop.signal)))
  done.abort()
  await reporting
  reportSamples(now() - startAt)
  report({ kind: 'done' })
  for (const { close } of scenarioRuns) close()
  parentPort?.close()
}

parentPort?.on('message', (command: SenderCommand) => {
  if (command.kind === 'start') void run(command.startAt)
  else if (command.kind === 'stop') stop.abort()
  else for (const { changeRate } of scenarioRuns) changeRate(command.change)
})

try {
  await Promise.all(scenarioRuns.map(({ connect }) => connect()))
  // All scenarios run the same code.
  await scenarioRuns[0]?.warmUp()
  report({ kind: 'ready', lines: replay?.total })
} catch (error) {
  if (!(error instanceof RequestError)) throw error
  report({ kind: 'unreachable', failure: error.failure, reason: error.message })
}

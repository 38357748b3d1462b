import { parentPort, workerData } from 'node:worker_threads'
import type { ScenarioPlan } from '../scenario-plan.ts'
import { readReplay } from '../shoppers/read-replay.ts'
import { createSeededRandom } from '../shoppers/seeded-random.ts'
import { replaySource, shopperSource } from './checkout-source.ts'
import type { RateChange } from './rate-segments.ts'
import { RequestError } from './request-error.ts'
import { createScenarioRun } from './run-scenario.ts'
import { createSampleBuffer, type SampleBatch } from './samples.ts'
import { createSender } from './send-checkout.ts'

const REPORT_EVERY_MS = 100

/** What a thread is started with. */
export interface SenderData {
  target: string
  plans: ScenarioPlan[]
  seed: number
  /** Differs in every run, also of the same seed: it is another purchase, not a repetition of last time's. */
  run: string
  needsEventId: boolean
  record: boolean
  replay: string | undefined
  worker: number
  workers: number
}

export type SenderCommand =
  | { kind: 'start'; startAt: number }
  | { kind: 'rate'; change: RateChange }
  | { kind: 'stop' }

export type SenderReport =
  | { kind: 'ready' }
  | { kind: 'unreachable'; reason: string }
  | { kind: 'samples'; batch: SampleBatch }
  | { kind: 'done' }

const data = workerData as SenderData
const { plans, seed, worker, workers } = data
const samples = createSampleBuffer()
const stop = new AbortController()
const report = (message: SenderReport) => parentPort?.postMessage(message)
const reportSamples = () =>
  report({
    kind: 'samples',
    batch: samples.take(scenarioRuns.reduce((sum, { inFlight }) => sum + inFlight(), 0)),
  })

const replay = data.replay === undefined ? undefined : await readReplay(data.replay, worker, workers)

const scenarioRuns = plans.map((plan, scenario) => {
  const randomizer = createSeededRandom()
  randomizer.seed([seed, scenario * workers + worker])
  return createScenarioRun({
    ...data,
    plan,
    scenario,
    source: replay
      ? replaySource((iteration) => replay.bodyOf(iteration))
      : shopperSource(seed + scenario, plan.shares),
    limit: replay?.total ?? Number.POSITIVE_INFINITY,
    sender: createSender({ ...data, timeoutMs: plan.timeoutMs }),
    samples,
    keyPrefix: `${data.run}-${scenario}`,
    random: () => randomizer.next(),
    share: { worker, workers },
  })
})

async function run(startAt: number) {
  const timer = setInterval(reportSamples, REPORT_EVERY_MS)
  await Promise.all(scenarioRuns.map(({ run: runScenario }) => runScenario(startAt, stop.signal)))
  clearInterval(timer)
  reportSamples()
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
  for (const { warmUp } of scenarioRuns) await warmUp()
  report({ kind: 'ready' })
} catch (error) {
  report({ kind: 'unreachable', reason: RequestError.from(error).message })
}

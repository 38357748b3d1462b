import { peakOf, type ScenarioPlan } from '../scenario-plan.ts'
import type { CheckoutSource } from './checkout-source.ts'
import { createCheckoutFollower } from './follow-checkout.ts'
import type { RateChange } from './rate-segments.ts'
import { createRecordedSchedule, inRecordedOrder, type RecordedPace } from './recorded-schedule.ts'
import { runArrivals } from './run-arrivals.ts'
import { runVus } from './run-vus.ts'
import type { SampleBuffer, StageCount } from './samples.ts'
import { createArrivalSchedule } from './schedule.ts'
import type { Sender } from './send-checkout.ts'
import { createVuSchedule } from './vu-schedule.ts'
import { warmUp } from './warm-up.ts'

const WARM_UP_CHECKOUTS = 2_000

export interface ScenarioRun {
  plan: ScenarioPlan
  /** Due times that replace those of the plan. */
  pace: RecordedPace | undefined
  /** Index of the plan among the run's. */
  scenario: number
  source: CheckoutSource
  /** The number after the last iteration. */
  limit: number
  sender: Sender
  samples: SampleBuffer
  record: boolean
  keyPrefix: string
  random: () => number
  /** The number of this thread and of all threads: iterations and VUs are distributed round robin. */
  share: { worker: number; workers: number }
}

/** The part of a scenario that one thread runs. */
export function createScenarioRun(wiring: ScenarioRun) {
  const { plan, pace, scenario, source, limit, sender, samples, random, share } = wiring
  const maxInFlight = Math.ceil((plan.maxInFlight - share.worker) / share.workers)
  let changes: RateChange[] = []
  let schedule = pace ? createRecordedSchedule(pace) : createArrivalSchedule(plan.segments)
  let inFlight = 0
  const unanswered = new Map<number, number>()

  const drop = (stage: number) => samples.dropped(scenario, stage)

  async function counted<T>(stage: number, following: Promise<T>): Promise<T> {
    const count = (change: number) => {
      inFlight += change
      unanswered.set(stage, (unanswered.get(stage) ?? 0) + change)
    }
    count(1)
    const result = await following
    count(-1)
    return result
  }

  async function runOpen(startAt: number, stop: AbortSignal): Promise<void> {
    const follow = createCheckoutFollower({ ...wiring, sourceOf: source, stop })
    const onTheirWay = new Set<Promise<unknown>>()
    await runArrivals(
      {
        schedule: () => schedule,
        startAt,
        iterations: pace ? inRecordedOrder(pace, dealtOut(share, limit)) : dealtOut(share, limit),
        start(iteration, dueAt, stage) {
          if (inFlight >= maxInFlight) return drop(stage)
          const following = counted(stage, follow(iteration, dueAt, stage)).finally(() =>
            onTheirWay.delete(following),
          )
          onTheirWay.add(following)
        },
        drop,
      },
      stop,
    )
    await Promise.all(onTheirWay)
  }

  async function runClosed(startAt: number, stop: AbortSignal): Promise<void> {
    const follow = createCheckoutFollower({ ...wiring, sourceOf: source, stop })
    const [least, most] = plan.thinkMs
    await runVus(
      {
        schedule: createVuSchedule(plan.segments),
        startAt,
        vus: dealtOut(share, Math.floor(peakOf(plan.segments))),
        iterations: dealtOut(share, limit),
        thinkMs: () => least + (most - least) * random(),
        run: (iteration, dueAt, stage) => counted(stage, follow(iteration, dueAt, stage)),
      },
      stop,
    )
  }

  return {
    /** Rejects if the target cannot be reached. */
    connect: () => sender.connect(Math.max(1, Math.ceil(plan.warmConnections / share.workers))),
    /** Sends nothing to the target. */
    warmUp: () => {
      const own = dealtOut(share, limit).take(WARM_UP_CHECKOUTS)
      return warmUp(own.map((iteration) => source(iteration).body))
    },
    run: plan.model === 'open' ? runOpen : runClosed,
    unanswered: (): StageCount[] =>
      [...unanswered].flatMap(([stage, count]) => (count > 0 ? [{ scenario, stage, count }] : [])),
    changeRate: (change: RateChange): void => {
      changes = [...changes, change]
      schedule = createArrivalSchedule(plan.segments, changes)
    },
    close: sender.close,
  }
}

function* dealtOut({ worker, workers }: ScenarioRun['share'], limit: number): Generator<number, void> {
  for (let number = worker; number < limit; number += workers) yield number
}

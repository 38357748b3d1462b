import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { planThresholds } from '../figures/planned-thresholds.ts'
import { peakOf, planScenario, type ScenarioPlan } from '../scenario-plan.ts'
import { adjustPlans, peakArrivalRate } from './adjust-plans.ts'
import type { NamedLoad } from './find-load.ts'
import type { RepeatedFlags, SingleFlags } from './flag-values.ts'
import type { LoadOptions } from './load-options.ts'

/** A load with what its flags change of it; `faults` names all that does not go together. */
export function planLoad(
  { name, load }: NamedLoad,
  single: SingleFlags,
  repeated: RepeatedFlags,
  given: ReadonlyMap<string, unknown>,
  folder: string,
): { options: LoadOptions; faults: string[] } {
  const verify = !given.has('no-verify')
  const isReadyMade = name !== 'command line'
  const plans = Object.entries(load.scenarios).map(([scenario, definition]) =>
    planScenario(scenario, definition),
  )
  const faults = isReadyMade ? faultsOfAdjusting(plans, given) : []
  const adjusted = adjustPlans(plans, {
    peakRate: isReadyMade && peakArrivalRate(plans) > 0 ? single.rate : undefined,
    durationMs: isReadyMade ? single.duration : undefined,
    maxInFlight: single['max-vus'],
    timeoutMs: single.timeout,
    attempts: single.attempts,
    shares: sharesOf(single),
  })
  const thresholds = { ...load.thresholds }
  for (const [metric, expression] of repeated.threshold) {
    thresholds[metric] = [...(thresholds[metric] ?? []), expression]
  }
  const { breakpoint } = load
  const read = planThresholds(thresholds, { verify, scenarios: load.scenarios, breakpoint })
  if (breakpoint && plans.length > 1) faults.push('a breakpoint is of one scenario')
  if (breakpoint && read.planned.length === 0) faults.push('a breakpoint needs a threshold that can fall')
  const fewest = Math.min(...adjusted.map(({ maxInFlight }) => maxInFlight))
  const workers = single.workers ?? Math.min(workersFor(adjusted), fewest)
  if (workers > fewest) faults.push('--workers must not be more than the checkouts that may be on their way')
  if (single.replay !== undefined && plans.length > 1) faults.push('--replay goes with one scenario')
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(folder, file))
  return {
    faults: [...faults, ...read.faults],
    options: {
      name,
      target: single.target,
      plans: adjusted,
      thresholds: read.planned,
      breakpoint,
      seed: single.seed,
      verify,
      tags: Object.fromEntries(repeated.tag),
      workers,
      quiet: given.has('quiet'),
      record: path(single.record),
      replay: path(single.replay),
      summaryExport: path(single['summary-export']),
      report: path(single.report),
    },
  }
}

const SHAPING_FLAGS = ['executor', 'vus', 'stage', 'think-time']

function faultsOfAdjusting(plans: readonly ScenarioPlan[], given: ReadonlyMap<string, unknown>): string[] {
  const shaping = SHAPING_FLAGS.filter((flag) => given.has(flag))
  const hasArrivals = plans.some(({ model }) => model === 'open')
  return [
    ...shaping.map((flag) => `--${flag} describes a load of its own, and a scenario is given`),
    ...(given.has('rate') && !hasArrivals ? ['--rate is of arrivals, and this scenario has VUs'] : []),
  ]
}

function sharesOf({ buyers, slow, returning, zipf, locales }: SingleFlags): Partial<ScenarioPlan['shares']> {
  const shares = { buyers, slow, returning, zipf, locales }
  return Object.fromEntries(Object.entries(shares).filter(([, value]) => value !== undefined))
}

const RATE_OF_A_WORKER = 5_000
const VUS_OF_A_WORKER = 500

function workersFor(plans: readonly ScenarioPlan[]): number {
  const closed = plans.filter(({ model }) => model === 'closed')
  const vus = closed.reduce((sum, { segments }) => sum + peakOf(segments), 0)
  const wanted = Math.ceil(peakArrivalRate(plans) / RATE_OF_A_WORKER + vus / VUS_OF_A_WORKER)
  return Math.max(1, Math.min(wanted, Math.floor(availableParallelism() / 2)))
}

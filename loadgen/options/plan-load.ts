import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { formatDuration, parseDuration } from '../duration.ts'
import { planThresholds } from '../figures/planned-thresholds.ts'
import { definedOf, endOf, peakOf, planScenario, type ScenarioPlan } from '../scenario-plan.ts'
import type { RecordedPace } from '../sending/recorded-schedule.ts'
import { adjustPlans, peakArrivalRate } from './adjust-plans.ts'
import type { NamedLoad } from './find-load.ts'
import type { RepeatedFlags, SingleFlags } from './flag-values.ts'
import type { LoadOptions } from './load-options.ts'
import { nameOfPace, segmentsOfPace } from './read-pace.ts'

/** A load with the changes of its flags; `faults` lists all conflicts. */
export function planLoad(
  { name, load, isReadyMade }: NamedLoad,
  single: SingleFlags,
  repeated: RepeatedFlags,
  given: ReadonlyMap<string, unknown>,
  folder: string,
  pace: RecordedPace | undefined,
): { options: Omit<LoadOptions, 'credential'>; keyFile: string | undefined; faults: string[] } {
  const verify = !given.has('no-verify')
  const planned = Object.entries(load.scenarios).map(([scenario, definition]) =>
    planScenario(scenario, definition),
  )
  const plans = pace ? planned.map((plan) => ({ ...plan, segments: segmentsOfPace(pace) })) : planned
  const faults = isReadyMade ? faultsOfAdjusting(plans, single, given) : []
  const adjusted = adjustPlans(plans, {
    peakRate: isReadyMade && peakArrivalRate(plans) > 0 ? single.rate : undefined,
    durationMs: isReadyMade ? durationOf(single) : undefined,
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
  if (breakpoint && read.planned.length === 0) faults.push('a breakpoint requires a threshold that can break')
  if (breakpoint) faults.push(...faultsOfBreakpoint(adjusted))
  const fewest = Math.min(...adjusted.map(({ maxInFlight }) => maxInFlight))
  const workers = single.workers ?? Math.min(workersFor(adjusted), fewest)
  if (workers > fewest)
    faults.push(`--workers must be at most ${fewest}, the most checkouts in flight, not '${workers}'`)
  if (single.replay !== undefined && plans.length > 1) faults.push('--replay allows only one scenario')
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(folder, file))
  return {
    faults: [...faults, ...read.faults],
    keyFile: path(single['key-file']),
    options: {
      name: pace ? nameOfPace(pace) : name,
      target: single.target,
      plans: adjusted,
      thresholds: read.planned,
      breakpoint,
      seed: single.seed,
      verify,
      tags: Object.fromEntries(repeated.tag),
      workers,
      quiet: given.has('quiet'),
      dashboard: given.has('dashboard'),
      record: path(single.record),
      replay: path(single.replay),
      pace,
      summaryExport: path(single['summary-export']),
      report: path(single.report),
    },
  }
}

const durationOf = ({ duration }: SingleFlags) =>
  duration === undefined ? undefined : parseDuration(duration)

const SHAPING_FLAGS = ['executor', 'vus', 'stage', 'think-time']

function faultsOfAdjusting(
  plans: readonly ScenarioPlan[],
  single: SingleFlags,
  given: ReadonlyMap<string, unknown>,
): string[] {
  const shaping = SHAPING_FLAGS.filter((flag) => given.has(flag))
  const hasArrivals = plans.some(({ model }) => model === 'open')
  const lengthMs = Math.max(...plans.map(endOf))
  const cannotStretch = durationOf(single) === Number.POSITIVE_INFINITY && Number.isFinite(lengthMs)
  return [
    ...shaping.map((flag) => `--${flag} cannot be combined with a scenario`),
    ...(given.has('rate') && !hasArrivals ? ['--rate sets arrivals, but this scenario has VUs'] : []),
    ...(cannotStretch
      ? [
          `--duration forever requires a load without an end, but this one ends after ${formatDuration(lengthMs)}`,
        ]
      : []),
  ]
}

// With fewer, hardly any threshold is meaningful.
const CHECKOUTS_OF_A_RATE = 20

function faultsOfBreakpoint(plans: readonly ScenarioPlan[]): string[] {
  const held = plans
    .filter(({ model }) => model === 'open')
    .flatMap(({ segments }) => segments.filter(({ durationMs, from, to }) => durationMs > 0 && from === to))
  // A scaled stage with exactly that many may be smaller by a rounding error.
  const tooShort = held.filter(({ durationMs, to }) => (to * durationMs) / 1000 < CHECKOUTS_OF_A_RATE - 1e-6)
  const [first] = tooShort
  return [
    ...(plans.length > 1 ? ['a breakpoint allows only one scenario'] : []),
    ...(first === undefined
      ? []
      : [
          `each rate of a breakpoint must last for at least ${CHECKOUTS_OF_A_RATE} checkouts, and ${tooShort.length} of ` +
            `${held.length} do not, first ${Number(first.to.toPrecision(3))}/s for ${formatDuration(first.durationMs)}: ` +
            'use a longer --duration or a higher --rate',
        ]),
  ]
}

function sharesOf({
  buyers,
  slow,
  returning,
  zipf,
  path,
  locales,
}: SingleFlags): Partial<ScenarioPlan['shares']> {
  return definedOf({ buyers, slow, returning, zipf, path, locales })
}

const RATE_OF_A_WORKER = 5_000
const VUS_OF_A_WORKER = 500

function workersFor(plans: readonly ScenarioPlan[]): number {
  const closed = plans.filter(({ model }) => model === 'closed')
  const vus = closed.reduce((sum, { segments }) => sum + peakOf(segments), 0)
  const wanted = Math.ceil(peakArrivalRate(plans) / RATE_OF_A_WORKER + vus / VUS_OF_A_WORKER)
  return Math.max(1, Math.min(wanted, Math.floor(availableParallelism() / 2)))
}

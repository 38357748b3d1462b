import { formatDuration, parseDuration } from './duration.ts'
import type { ScenarioDefinition } from './load-definition.ts'
import { type PlacedSegment, placeSegments, type Segment } from './sending/rate-segments.ts'
import { defaultShares, type ShopperShares } from './shoppers/shopper-shares.ts'

/** A scenario worked out to numbers; plain data, since it crosses threads. Times are milliseconds, rates per second. */
export interface ScenarioPlan {
  name: string
  model: 'open' | 'closed'
  segments: PlacedSegment[]
  tags: Record<string, string>
  timeoutMs: number
  attempts: number
  backoffMs: number
  shares: ShopperShares
  /** Open model only. */
  maxInFlight: number
  warmConnections: number
  /** Closed model only. */
  thinkMs: [least: number, most: number]
}

export const endOf = ({ segments }: ScenarioPlan) => segments.at(-1)?.endMs ?? 0

/** The highest rate, or number of VUs. */
export const peakOf = (segments: readonly Segment[]) =>
  Math.max(...segments.flatMap(({ from, to }) => [from, to]))

/** As the load definition has it, `90s at 6 per 1m`; in the units of the plan once it was scaled, `1m30s at 0.1/s`. */
export function nameStage({ model }: ScenarioPlan, { durationMs, from, to, written }: Segment): string {
  if (written !== undefined) return written
  const [first, last] = [from, to].map((value) => String(Number(value.toPrecision(6))))
  const span = from === to ? `at ${last}` : `${first} → ${last}`
  return `${formatDuration(roundDuration(durationMs))} ${span}${model === 'open' ? '/s' : ' VUs'}`
}

/** To three digits, or whole seconds: a stretched stage may have any length. */
const roundDuration = (ms: number) =>
  ms < 60_000 ? Number(ms.toPrecision(3)) : Math.round(ms / 1_000) * 1_000

/** A stage in the words of its definition. */
function writeStage(duration: string | number, from: number, to: number, unit: string): string {
  const length = typeof duration === 'number' ? `${duration}ms` : duration
  return `${length} ${from === to ? `at ${to}` : `${from} → ${to}`}${unit}`
}

const writeUnit = (timeUnit: string | number) =>
  toMs(timeUnit) === 1_000 ? '/s' : ` per ${typeof timeUnit === 'number' ? `${timeUnit}ms` : timeUnit}`

// The schema has made sure that it is one.
const toMs = (duration: string | number) => parseDuration(duration) ?? 0

export function planScenario(name: string, definition: ScenarioDefinition): ScenarioPlan {
  const { executor, tags, timeout, retry, shoppers, startTime } = definition
  const isOpen = executor === 'constant-arrival-rate' || executor === 'ramping-arrival-rate'
  const stages = stagesOf(definition)
  return {
    name,
    model: isOpen ? 'open' : 'closed',
    segments: placeSegments(stages, toMs(startTime)),
    tags,
    timeoutMs: toMs(timeout),
    attempts: retry.attempts,
    backoffMs: toMs(retry.backoff),
    shares: { ...defaultShares, ...definedOf(shoppers) },
    maxInFlight: isOpen ? definition.maxVUs : Number.POSITIVE_INFINITY,
    warmConnections: isOpen ? definition.preAllocatedVUs : Math.floor(peakOf(stages)),
    thinkMs: isOpen ? [0, 0] : thinkTimeOf(definition.thinkTime),
  }
}

function stagesOf(definition: ScenarioDefinition): Segment[] {
  switch (definition.executor) {
    case 'constant-arrival-rate':
      return [arrivals(definition, definition.duration, definition.rate, definition.rate, 0)]
    case 'constant-vus':
      return [vus(definition.duration, definition.vus, definition.vus, 0)]
    case 'ramping-arrival-rate':
      return ramping(definition.stages, definition.startRate, (...stage) => arrivals(definition, ...stage))
    case 'ramping-vus':
      return ramping(definition.stages, definition.startVUs, vus)
  }
}

type Time = string | number

function arrivals({ timeUnit }: { timeUnit: Time }, duration: Time, from: number, to: number, stage: number) {
  const perSecond = (rate: number) => (rate * 1000) / toMs(timeUnit)
  const written = writeStage(duration, from, to, writeUnit(timeUnit))
  return { durationMs: toMs(duration), from: perSecond(from), to: perSecond(to), stage, written }
}

const vus = (duration: Time, from: number, to: number, stage: number): Segment => ({
  durationMs: toMs(duration),
  from,
  to,
  stage,
  written: writeStage(duration, from, to, ' VUs'),
})

function ramping(
  stages: { duration: Time; target: number }[],
  start: number,
  segmentOf: (duration: Time, from: number, to: number, stage: number) => Segment,
): Segment[] {
  const targets = [start, ...stages.map(({ target }) => target)]
  return stages.map(({ duration, target }, stage) => segmentOf(duration, targets[stage] ?? 0, target, stage))
}

function thinkTimeOf(think: string | number | [string | number, string | number]): [number, number] {
  const [least, most] = Array.isArray(think) ? think : [think, think]
  return [toMs(least), toMs(most)]
}

/** Without the keys whose value is undefined. */
export function definedOf<Record extends object>(
  record: Record,
): { [Key in keyof Record]?: NonNullable<Record[Key]> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Record]?: NonNullable<Record[Key]>
  }
}

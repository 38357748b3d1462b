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

/** `30s → 500/s`. */
export function nameStage({ model }: ScenarioPlan, { durationMs, from, to }: Segment): string {
  const [first, last] = [from, to].map((value) => String(Number(value.toPrecision(6))))
  const span = from === to ? `at ${last}` : `${first} → ${last}`
  return `${formatDuration(durationMs)} ${span}${model === 'open' ? '/s' : ' VUs'}`
}

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
      return constant(definition.duration, perSecond(definition.rate, definition.timeUnit))
    case 'constant-vus':
      return constant(definition.duration, definition.vus)
    case 'ramping-arrival-rate':
      return ramping(definition.stages, definition.startRate, (rate) => perSecond(rate, definition.timeUnit))
    case 'ramping-vus':
      return ramping(definition.stages, definition.startVUs, (vus) => vus)
  }
}

const perSecond = (rate: number, timeUnit: string | number) => (rate * 1000) / toMs(timeUnit)

const constant = (duration: string | number, value: number): Segment[] => [
  { durationMs: toMs(duration), from: value, to: value, stage: 0 },
]

function ramping(
  stages: { duration: string | number; target: number }[],
  start: number,
  valueOf: (target: number) => number,
): Segment[] {
  let from = valueOf(start)
  return stages.map(({ duration, target }, stage) => {
    const segment = { durationMs: toMs(duration), from, to: valueOf(target), stage }
    from = segment.to
    return segment
  })
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

import { lanes } from '../../backbone/records/partition.ts'
import type { Slice } from '../run-result.ts'
import { endOf, nameStage, type ScenarioPlan } from '../scenario-plan.ts'
import type { Segment } from '../sending/rate-segments.ts'
import type { Place } from '../sending/samples.ts'
import { createMetricSet, type MetricSet } from './metric-set.ts'

interface Part {
  name: string
  metrics: MetricSet
  /** Planned, in milliseconds since the start of the run. */
  startMs: number
  endMs: number
}

const part = (name: string, startMs: number, endMs: number): Part => ({
  name,
  metrics: createMetricSet(),
  startMs,
  endMs,
})

/** The parts of a run that have their own figures: lanes, scenarios and stages. */
export function createSlices(plans: readonly ScenarioPlan[]) {
  const ofLanes = new Map(lanes.map((lane) => [lane, part(lane, 0, plannedEnd(plans))]))
  const scenarios = plans.map((plan) => part(plan.name, plan.segments[0]?.startMs ?? 0, endOf(plan)))
  const stages = plans.map((plan) => stagesOf(plan, plans.length > 1))

  const ofPlace = ({ scenario, stage }: Omit<Place, 'lane'>): MetricSet[] =>
    [scenarios[scenario], stages[scenario]?.[stage]].flatMap((found) => (found ? [found.metrics] : []))

  return {
    /** Dropped iterations have no lane: their shopper was never generated. */
    ofPlace,
    of: (place: Place): MetricSet[] => {
      const lane = ofLanes.get(place.lane)
      return lane ? [...ofPlace(place), lane.metrics] : ofPlace(place)
    },

    results(elapsedMs: number): { lanes: Slice[]; scenarios: Slice[]; stages: Slice[] } {
      const slice = ({ name, metrics, startMs, endMs }: Part): Slice => ({
        name,
        metrics: metrics.values((Math.min(endMs, elapsedMs) - startMs) / 1000),
        failures: Object.fromEntries(metrics.failures),
      })
      // A jump to another rate takes no time, and a stopped run has stages that never began.
      const took = ({ startMs, endMs }: Part) => Math.min(endMs, elapsedMs) > startMs
      return {
        lanes: [...ofLanes.values()].map(slice),
        scenarios: scenarios.filter(took).map(slice),
        stages: stages.flat().filter(took).map(slice),
      }
    },

    stage: (scenario: number, stage: number): MetricSet | undefined => stages[scenario]?.[stage]?.metrics,
  }
}

const stagesOf = (plan: ScenarioPlan, withScenario: boolean): Part[] =>
  plan.segments.map((segment, stage) =>
    part(stageName(plan, segment, stage, withScenario), segment.startMs, segment.endMs),
  )

function stageName(plan: ScenarioPlan, segment: Segment, stage: number, withScenario: boolean): string {
  const name = `${stage + 1}: ${nameStage(plan, segment)}`
  return withScenario ? `${plan.name} ${name}` : name
}

/** The stage of each scenario at this time of the run, by its name in the results; after the end, the last one. */
export const stagesAt = (plans: readonly ScenarioPlan[], ms: number): string[] =>
  plans.flatMap((plan) => {
    const stage = plan.segments.findLastIndex(({ startMs, endMs }) => startMs <= ms && endMs > startMs)
    const segment = plan.segments[stage]
    return segment ? stageName(plan, segment, stage, plans.length > 1) : []
  })

/** Milliseconds from the start to the end of the last scenario. */
export const plannedEnd = (plans: readonly ScenarioPlan[]) => Math.max(...plans.map(endOf))

import type { TimelineStep } from './timeline.ts'

/** Each list keeps its order. A step without a time follows the one before it. */
export function mergeByTime(own: readonly TimelineStep[], later: readonly TimelineStep[]): TimelineStep[] {
  const inTime = [...timed(own), ...timed(later)]
  return inTime.toSorted((a, b) => a.time - b.time).map(({ step }) => step)
}

function timed(steps: readonly TimelineStep[]): { time: number; step: TimelineStep }[] {
  let time = Number.NEGATIVE_INFINITY
  return steps.map((step) => {
    time = Math.max(time, step.at === null ? time : Date.parse(step.at))
    return { time, step }
  })
}

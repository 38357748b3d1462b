import type { RunResult } from '../run-result.ts'

// Two runs of the same load that were not ended early differ by less.
const SAME_LENGTH = 0.01

/** Reasons to doubt the comparison, one per line. */
export function notesOnComparing(a: RunResult['load'], b: RunResult['load']): string[] {
  const differences = [
    ...(a.name === b.name ? [] : [`the scenarios are different, ${a.name} and ${b.name}`]),
    ...differentPlans(a, b),
    ...(Math.abs(a.seconds - b.seconds) > SAME_LENGTH * Math.max(a.seconds, b.seconds)
      ? [`A was sending for ${a.seconds.toFixed(1)} s, B for ${b.seconds.toFixed(1)} s`]
      : []),
    ...changedByHand(a, b),
  ]
  return [
    ...differences.map((difference) => `warning: not comparable: ${difference}`),
    ...(a.seed === b.seed ? [] : ['hint: the seeds differ, so the shoppers differ']),
  ]
}

/** The name of a stage contains its rate and duration. */
function differentPlans(a: RunResult['load'], b: RunResult['load']): string[] {
  const length = Math.max(a.stages.length, b.stages.length)
  for (let stage = 0; stage < length; stage++) {
    const [ofA, ofB] = [a.stages[stage]?.name ?? 'no such stage', b.stages[stage]?.name ?? 'no such stage']
    if (ofA !== ofB) return [`the stages are different, first ${ofA} in A and ${ofB} in B`]
  }
  return []
}

function changedByHand(a: RunResult['load'], b: RunResult['load']): string[] {
  const changed = Object.entries({ A: a, B: b }).filter(([, { rateChanges }]) => rateChanges.length > 0)
  return changed.length === 0
    ? []
    : [`the rate was changed manually in ${changed.map(([letter]) => letter).join(' and ')}`]
}

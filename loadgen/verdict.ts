import { adviceOn } from './advice.ts'
import type { Outcomes, RunResult } from './run-result.ts'

export const EXIT_FAILED = 1
/** As k6's (grafana/k6, errext/exitcodes). */
export const EXIT_THRESHOLDS = 99

interface Verdict {
  exitCode: number
  /** Reasons of the failure, one per line. */
  failures: string[]
}

/** Lost or duplicated checkouts take precedence over thresholds. */
export function verdictOf({ metrics, load }: RunResult): Verdict {
  const { outcomes, thresholds } = load
  const fatal = [
    ...(isUseless({ metrics, load }) ? [nothingAccepted(load.failures)] : []),
    ...(outcomes ? faultsOfOutcomes(outcomes) : []),
    ...(load.endedEarly?.startsWith('cannot record') ? [load.endedEarly] : []),
  ]
  const crossed = thresholds.filter(({ ok }) => !ok)
  const noneHeld = load.breakpoint && load.breakpoint.held === undefined
  const broken = [
    ...crossed.map(({ metric, expression }) => `threshold broken: ${metric} ${expression}`),
    // Samples that arrived after the early end may have brought the value back within the bound.
    ...(crossed.length === 0 && load.endedEarly?.startsWith('threshold broken') ? [load.endedEarly] : []),
    ...(noneHeld ? ['even the first rate broke a threshold'] : []),
  ]
  const exitCode = fatal.length > 0 ? EXIT_FAILED : broken.length > 0 ? EXIT_THRESHOLDS : 0
  return { exitCode, failures: [...fatal, ...broken] }
}

function nothingAccepted(failures: Record<string, number>): string {
  const [most] = Object.entries(failures).toSorted(([, a], [, b]) => b - a)
  const advice = most && adviceOn(most[0])
  return advice === undefined ? 'nothing was accepted' : `nothing was accepted (${most?.[0]}): ${advice}`
}

/** Empty if every accepted checkout has exactly one correct outcome. */
export function faultsOfOutcomes(outcomes: Outcomes): string[] {
  const { lost, duplicated, wrongKind, wrongText, unknown, stream } = outcomes
  return [
    ...(lost + duplicated + wrongKind + wrongText > 0
      ? ['not every accepted checkout has exactly one correct outcome']
      : []),
    ...(unknown > 0 ? [`the outcome of ${count(unknown, 'accepted checkout')} is unknown`] : []),
    ...(stream.unreadable > 0 ? [`${count(stream.unreadable, 'notification')} could not be read`] : []),
  ]
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

function isUseless({ metrics, load }: RunResult): boolean {
  if (load.outcomes) return load.outcomes.accepted === 0
  const failed = metrics['http_req_failed']
  return failed !== undefined && 'fails' in failed && failed.fails === 0
}

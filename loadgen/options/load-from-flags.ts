import { type CheckedLoad, loadDefinitionSchema } from '../load-definition.ts'
import type { RepeatedFlags, SingleFlags } from './flag-values.ts'
import { wordsOfIssue } from './schema-faults.ts'

const DEFAULT_RATE = 500
const DEFAULT_DURATION = '30s'

type Executor = NonNullable<SingleFlags['executor']>

/** The load that the flags describe. Returns a list of conflicts if they cannot be combined. */
export function loadFromFlags(single: SingleFlags, { stage: stages }: RepeatedFlags): CheckedLoad | string[] {
  const executor = single.executor ?? guessExecutor(single, stages.length > 0)
  const faults = faultsOf(executor, single, stages.length > 0)
  if (faults.length > 0) return faults
  const { data, error } = loadDefinitionSchema.safeParse(
    { scenarios: { default: { executor, ...valuesOf(executor, single, stages) } } },
    { error: wordsOfIssue },
  )
  // Each flag is valid, so the stages do not fit the executor.
  return data ?? [...new Set(error.issues.map(({ message }) => `--stage ${message}`))]
}

function guessExecutor({ vus }: SingleFlags, isStaged: boolean): Executor {
  if (vus !== undefined) return isStaged ? 'ramping-vus' : 'constant-vus'
  return isStaged ? 'ramping-arrival-rate' : 'constant-arrival-rate'
}

function valuesOf(executor: Executor, single: SingleFlags, stages: RepeatedFlags['stage']) {
  const { rate, vus, duration = DEFAULT_DURATION, 'think-time': thinkTime = 0 } = single
  switch (executor) {
    case 'constant-arrival-rate':
      return { rate: rate ?? DEFAULT_RATE, duration }
    case 'ramping-arrival-rate':
      return { startRate: rate ?? 0, stages }
    case 'constant-vus':
      return { vus: vus ?? 1, duration, thinkTime }
    case 'ramping-vus':
      return { startVUs: vus ?? 0, stages, thinkTime }
  }
}

function faultsOf(executor: Executor, single: SingleFlags, isStaged: boolean): string[] {
  const isOpen = executor.endsWith('arrival-rate')
  const isRamping = executor.startsWith('ramping')
  return [
    ...(isRamping && !isStaged ? [`${executor} requires --stage`] : []),
    ...(isRamping && single.duration !== undefined ? [`${executor} takes --stage, not --duration`] : []),
    ...(!isRamping && isStaged ? [`${executor} takes --duration, not --stage`] : []),
    ...(isOpen && single.vus !== undefined ? [`${executor} takes --rate, not --vus`] : []),
    ...(isOpen && single['think-time'] !== undefined ? [`${executor} takes no --think-time`] : []),
    ...(!isOpen && single.rate !== undefined ? [`${executor} takes --vus, not --rate`] : []),
    ...(!isOpen && single['max-vus'] !== undefined ? [`${executor} takes --vus, not --max-vus`] : []),
  ]
}

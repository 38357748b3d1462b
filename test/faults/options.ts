import { readArguments } from '../../backbone/process/read-arguments.ts'
import { type FaultName, faultNames } from './inject/fault-names.ts'
import { type Mutation, mutationNames } from './sabotage/mutation-names.ts'

export interface FaultOptions {
  minutes: number
  seed: number
  /** Checkouts per second. */
  rate: number
  /** Undefined: all that this machine supports. */
  faults: FaultName[] | undefined
  /** Never two at a time. */
  alone: boolean
  json: string | undefined
  sabotage: Mutation[]
}

const NAMES_A_LINE = 6

function listed(names: readonly string[]): string {
  const lines = Array.from({ length: Math.ceil(names.length / NAMES_A_LINE) }, (_, line) =>
    names.slice(line * NAMES_A_LINE, (line + 1) * NAMES_A_LINE).join(', '),
  )
  return lines.map((line) => `  ${line}`).join(',\n')
}

export const help = `Injects faults into a real cluster under load, and checks that nothing was lost or duplicated.

  npm run faults -- [flags]

  --minutes N       duration of the load; the checks take some minutes more (10)
  --rate N          checkouts per second (1000)
  --seed N          seed of the load and of the fault schedule (random, and printed)
  --faults a,b,c    only these (all)
  --alone           one fault at a time, with time to recover in between
  --json FILE       also writes the report to FILE
  --sabotage a,b    inserts these defects, or "all", into the product instead; each must be caught
  -h, --help        this text

Faults:
${listed(faultNames)}

Sabotage:
${listed(mutationNames)}

Exit code 0: every invariant held, or all sabotage was caught. 1: one was broken, or not caught. 2: invalid flags.
`

export type Parsed =
  | { kind: 'options'; options: FaultOptions }
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }

const MOST_SEED = 2 ** 32 - 1
const WHOLE = /^\d+$/
const flags = {
  single: ['minutes', 'rate', 'seed', 'faults', 'json', 'sabotage'],
  repeated: [],
  bare: ['alone', 'help'],
}

export function parseOptions(args: string[]): Parsed {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  for (const positional of positionals) faults.push(`${positional} is not a flag`)

  const textOf = (flag: string): string | undefined => given.get(flag)?.[0]
  function number(flag: string, text: string, least: number, most: number, form = /^\d+(\.\d+)?$/): number {
    const value = form.test(text) ? Number(text) : Number.NaN
    const kind = form === WHOLE ? 'whole number' : 'number'
    if (!(value >= least && value <= most))
      faults.push(`--${flag} must be a ${kind} from ${least} to ${most}`)
    return value
  }
  function list<Name extends string>(
    flag: string,
    text: string | undefined,
    names: readonly Name[],
  ): Name[] | undefined {
    const chosen = text?.split(',').map((name) => name.trim())
    for (const name of chosen ?? []) {
      if (!names.includes(name as Name)) faults.push(`--${flag}: unknown: ${name}; use ${names.join(', ')}`)
    }
    return chosen as Name[] | undefined
  }

  const sabotage = textOf('sabotage')
  const drawn = String(Math.floor(Math.random() * MOST_SEED))
  const options: FaultOptions = {
    minutes: number('minutes', textOf('minutes') ?? '10', 1, 24 * 60),
    rate: number('rate', textOf('rate') ?? '1000', 1, 10_000, WHOLE),
    seed: number('seed', textOf('seed') ?? drawn, 0, MOST_SEED, WHOLE),
    faults: list('faults', textOf('faults'), faultNames),
    alone: given.has('alone'),
    json: textOf('json'),
    sabotage: sabotage === 'all' ? [...mutationNames] : (list('sabotage', sabotage, mutationNames) ?? []),
  }
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'options', options }
}

import { parseArgs } from 'node:util'
import { type FaultName, faultNames } from './inject/fault-names.ts'
import { type Mutation, mutationNames } from './sabotage/mutations.ts'

export interface FaultOptions {
  minutes: number
  seed: number
  /** Checkouts a second. */
  rate: number
  /** Undefined: all that this machine can do. */
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

export const help = `Breaks a real cluster on purpose, under load, and judges that nothing was lost and nothing came twice.

  npm run faults -- [flags]

  --minutes N       how long the load goes on; judging takes some minutes more (10)
  --rate N          checkouts a second (1000)
  --seed N          of the load and of the schedule of faults (a random one, which is printed)
  --faults a,b,c    only these (all)
  --alone           one fault at a time, each when the one before should be well again
  --json FILE       writes the report there, too
  --sabotage a,b    breaks the product instead, in these ways or in "all"; each must be caught
  --help            this text

Faults:
${listed(faultNames)}

Sabotage:
${listed(mutationNames)}

Exit code 0: every promise held, or all sabotage was caught. 1: one was broken, or not caught. 2: wrong flags.
`

export type Parsed =
  | { kind: 'options'; options: FaultOptions }
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }

const defaults = { minutes: '10', rate: '1000' }
const MOST_SEED = 2 ** 32 - 1
const WHOLE = /^\d+$/
const known = {
  minutes: { type: 'string' },
  rate: { type: 'string' },
  seed: { type: 'string' },
  faults: { type: 'string' },
  alone: { type: 'boolean' },
  json: { type: 'string' },
  sabotage: { type: 'string' },
  help: { type: 'boolean' },
} as const

export function parseOptions(args: string[]): Parsed {
  // Not strict: that would stop at the first fault.
  const { values, tokens } = parseArgs({
    args,
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  if (values.help) return { kind: 'help' }

  const faults: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') faults.push(`${token.value}: not a flag`)
    if (token.kind === 'option' && !(token.name in known)) faults.push(`${token.rawName}: no such flag`)
  }
  const textOf = (flag: string): string | undefined => {
    const value = ({ ...defaults, ...values } as Record<string, unknown>)[flag]
    if (value === true || value === '') faults.push(`--${flag}: a value is wanted`)
    return typeof value === 'string' ? value : undefined
  }
  function number(flag: string, least: number, most: number, form = /^\d+(\.\d+)?$/): number {
    const text = textOf(flag) ?? ''
    const value = form.test(text) ? Number(text) : Number.NaN
    const kind = form === WHOLE ? 'whole number' : 'number'
    if (!(value >= least && value <= most))
      faults.push(`--${flag}: a ${kind} from ${least} to ${most} is wanted`)
    return value
  }
  function list<Name extends string>(flag: string, names: readonly Name[], what: string): Name[] | undefined {
    const text = textOf(flag)
    if (text === undefined) return undefined
    const given = text.split(',').map((name) => name.trim())
    for (const name of given) {
      if (!names.includes(name as Name))
        faults.push(`--${flag}: ${name} is no ${what}; there are ${names.join(', ')}`)
    }
    return given as Name[]
  }

  const options: FaultOptions = {
    minutes: number('minutes', 1, 24 * 60),
    rate: number('rate', 1, 10_000, WHOLE),
    seed: 'seed' in values ? number('seed', 0, MOST_SEED, WHOLE) : Math.floor(Math.random() * MOST_SEED),
    faults: list('faults', faultNames, 'fault'),
    alone: values.alone === true,
    json: textOf('json'),
    sabotage:
      (values.sabotage === 'all' ? [...mutationNames] : list('sabotage', mutationNames, 'mutation')) ?? [],
  }
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'options', options }
}

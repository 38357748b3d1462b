import { OptionsError } from '../../loadgen/options/options-error.ts'
import { readArguments } from '../../loadgen/options/read-arguments.ts'
import { comparisons } from './comparisons.ts'

interface ComparisonOptions {
  /** Undefined: all. */
  only: string[] | undefined
  rounds: number
  seconds: number
  records: number
  json: string | undefined
  page: string | undefined
}

export const help = `Measures what it is worth, each beside what it is compared with, in alternating pairs.

  npm run bench -- [flags]

  --only a,b        only these: ${comparisons.map(({ name }) => name).join(', ')}
  --rounds N        pairs of each (5)
  --seconds N       of each load, after 3 s to warm up (8)
  --records N       that are drained (1000000)
  --json FILE       writes all that was measured there, too
  --page FILE       writes a page with plots there
  --help            this text
`

const flags = {
  single: ['only', 'rounds', 'seconds', 'records', 'json', 'page'],
  repeated: [],
  bare: ['help'],
}

/** Throws {@link OptionsError}. */
export function readOptions(args: string[]): ComparisonOptions | 'help' {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return 'help'
  for (const positional of positionals) faults.push(`${positional} is not a flag`)

  const textOf = (flag: string) => given.get(flag)?.[0]
  function whole(flag: string, otherwise: number): number {
    const value = Number(textOf(flag) ?? otherwise)
    if (!Number.isInteger(value) || value < 1) faults.push(`--${flag} must be a whole number, at least 1`)
    return value
  }

  const only = textOf('only')?.split(',')
  const unknown = only?.filter((name) => !comparisons.some((comparison) => comparison.name === name)) ?? []
  for (const name of unknown) faults.push(`--only: there is no comparison ${name}`)
  const options = {
    only,
    rounds: whole('rounds', 5),
    seconds: whole('seconds', 8),
    records: whole('records', 1_000_000),
    json: textOf('json'),
    page: textOf('page'),
  }
  if (faults.length > 0) throw new OptionsError(faults)
  return options
}

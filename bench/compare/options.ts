import { parseArgs } from 'node:util'
import { comparisons } from './compare/comparisons.ts'

export interface BenchOptions {
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

/** Throws for flags that make no sense. */
export function readOptions(args: string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '8' },
      records: { type: 'string', default: '1000000' },
      json: { type: 'string' },
      page: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const only = values.only?.split(',')
  const unknown = only?.find((name) => !comparisons.some((comparison) => comparison.name === name))
  if (unknown !== undefined) throw new Error(`--only: there is no comparison ${unknown}`)
  const whole = (name: 'rounds' | 'seconds' | 'records') => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number, at least 1`)
    return value
  }
  return {
    only,
    rounds: whole('rounds'),
    seconds: whole('seconds'),
    records: whole('records'),
    json: values.json,
    page: values.page,
  }
}

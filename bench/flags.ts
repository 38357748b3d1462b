import { readArguments } from '../backbone/process/read-arguments.ts'
import { OptionsError } from '../loadgen/options/options-error.ts'

export interface Flag<Value> {
  /** Placeholder of its value in the help. */
  takes: string
  about: string
  /** Throws if the value is invalid. `text` is undefined if the flag is not given. */
  read: (text: string | undefined) => Value
}

type Flags<Values> = { [Name in keyof Values & string]: Flag<Values[Name]> }

export const wholeNumber = (
  about: string,
  otherwise: number,
  { least = 1, most = Number.MAX_SAFE_INTEGER } = {},
): Flag<number> => ({
  takes: 'N',
  about: `${about} (${otherwise})`,
  read: (text) => {
    const value = Number(text ?? otherwise)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    const to = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `at least ${least}`
    throw new Error(`must be a whole number, ${to}`)
  },
})

/** Some of the names; all of them by default. */
export const someOf = <Name extends string>(
  about: string,
  names: readonly Name[],
): Flag<readonly Name[]> => ({
  takes: 'a,b',
  about: `${about}: ${names.join(', ')}`,
  read: (text) => {
    const wanted = text?.split(',')
    const unknown = wanted?.filter((name) => !names.some((known) => known === name)) ?? []
    if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}; use ${names.join(', ')}`)
    return names.filter((name) => wanted?.includes(name) ?? true)
  },
})

export const file = (about: string): Flag<string | undefined> => ({
  takes: 'FILE',
  about,
  read: (text) => text,
})

export const commit = (about: string): Flag<string | undefined> => ({ ...file(about), takes: 'COMMIT' })

/** Throws {@link OptionsError} with all faults. */
export function readFlags<Values extends object>(args: string[], flags: Flags<Values>): Values | 'help' {
  const names = Object.keys(flags) as (keyof Values & string)[]
  const { given, positionals, faults } = readArguments(args, { single: names, repeated: [], bare: ['help'] })
  if (given.has('help')) return 'help'
  for (const positional of positionals) faults.push(`${positional} is not a flag`)

  const values: Partial<Values> = {}
  for (const name of names) {
    try {
      values[name] = flags[name].read(given.get(name)?.[0])
    } catch (error) {
      faults.push(`--${name} ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (faults.length > 0) throw new OptionsError(faults)
  return values as Values
}

/** Parses the flags of this process. Prints the help or the faults, and exits. */
export function ownFlags<Values extends object>(
  command: string,
  about: string,
  flags: Flags<Values>,
): Values {
  try {
    const values = readFlags(process.argv.slice(2), flags)
    if (values !== 'help') return values
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error
    console.error(`${error.message}\n\n${command} -- --help lists the flags`)
    process.exit(2)
  }
  console.log(helpOf(command, about, flags))
  process.exit(0)
}

export function helpOf<Values extends object>(command: string, about: string, flags: Flags<Values>): string {
  const described = Object.entries<Flag<unknown>>(flags).map(
    ([name, { takes, about: what }]) => [`--${name} ${takes}`, what] as const,
  )
  const rows = [...described, ['-h, --help', 'this text'] as const]
  const width = Math.max(...rows.map(([flag]) => flag.length))
  const lines = rows.map(([flag, what]) => `  ${flag.padEnd(width)}  ${what}`)
  return `${about}\n\n  ${command} -- [flags]\n\n${lines.join('\n')}\n`
}

import { parseArgs } from 'node:util'
import { nearestName } from '../nearest-name.ts'

export interface Flags {
  /** Flags with a value, at most once. */
  single: readonly string[]
  /** Flags with a value, repeatable. */
  repeated: readonly string[]
  /** Flags without a value; `help` is also `-h`. */
  bare: readonly string[]
}

export interface Arguments {
  positionals: string[]
  given: ReadonlyMap<string, readonly string[]>
  /** All syntax errors. Values are validated elsewhere. */
  faults: string[]
}

/** Parses the arguments of a command with `parseArgs` of node:util, and reports all faults at once. */
export function readArguments(args: string[], { single, repeated, bare }: Flags): Arguments {
  const valued = [...single, ...repeated]
  const given = new Map<string, string[]>()
  const positionals: string[] = []
  const faults: string[] = []
  const options = Object.fromEntries([
    ...valued.map((name) => [name, { type: 'string', multiple: true }] as const),
    ...bare.map((name) => [name, { type: 'boolean', ...(name === 'help' && { short: 'h' }) }] as const),
  ])
  const known = Object.keys(options)

  // The parser would take the next option as the value of a flag without one.
  const lacksValue = (arg: string, index: number) =>
    valued.includes(arg.slice(2)) && arg.startsWith('--') && (args[index + 1] ?? '--').startsWith('--')
  for (const arg of args.filter(lacksValue)) faults.push(`${arg} requires a value`)
  const complete = args.filter((arg, index) => !lacksValue(arg, index))

  // The next word may be the value of the unknown flag, and must not be taken as a scenario.
  let unknownAt: number | undefined
  // In strict mode it would stop at the first fault.
  for (const token of parseArgs({ args: complete, strict: false, tokens: true, options }).tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      if (token.index - 1 !== unknownAt) positionals.push(token.value)
      continue
    }
    const { name, rawName, value, index } = token
    const values = given.get(name)
    if (!known.includes(name)) {
      // The parser reads -d5s as three flags.
      if (index !== unknownAt) faults.push(unknownFlag(rawName, complete[index] ?? rawName, known))
      if (value === undefined) unknownAt = index
    } else if (bare.includes(name) && value !== undefined) faults.push(`${rawName} takes no value`)
    else if (values && !repeated.includes(name)) faults.push(`${rawName} is given twice`)
    else if (values) values.push(value ?? '')
    else given.set(name, [value ?? ''])
  }
  return { positionals, given, faults }
}

function unknownFlag(name: string, given: string, known: readonly string[]): string {
  const [word = ''] = given.replace(/^-+/, '').split('=')
  // Several letters after one dash are short flags, unless they are the name of a long one.
  const meant = given.startsWith('--') ? nearestName(word, known) : known.find((flag) => flag === word)
  return meant === undefined ? `${name} is unknown` : `${name} is unknown, did you mean --${meant}?`
}

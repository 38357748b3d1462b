import { readArguments } from '../../backbone/process/read-arguments.ts'
import { defaultData } from '../options.ts'
import type { ParsedCommand } from '../run-command.ts'

export const help = `Shows the state of the processes of npm start: ports, health, lag, and what to do.

  npm run status -- [flags]

  --data DIR       the data folder of the launcher (${defaultData})
  --key-file FILE  a file with an API key; if keys are in use, lag requires one with the scope operate
  -h, --help       this text

Exit code 0: all healthy. 1: something is unhealthy, or no launcher runs. 2: invalid flags.
`

export interface StatusOptions {
  data: string
  keyFile: string | undefined
}

const flags = { single: ['data', 'key-file'], repeated: [], bare: ['help'] }

export function parseStatusOptions(args: string[]): ParsedCommand<StatusOptions> {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  for (const word of positionals) faults.push(`${word} is not a flag`)
  if (faults.length > 0) return { kind: 'faults', faults }
  return {
    kind: 'options',
    options: { data: given.get('data')?.[0] || defaultData, keyFile: given.get('key-file')?.[0] },
  }
}

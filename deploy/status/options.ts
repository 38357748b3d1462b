import { readArguments } from '../../backbone/process/read-arguments.ts'
import { defaultData } from '../options.ts'

export const help = `Shows how the processes of npm start are doing: ports, health, lag, and what to do.

  npm run status -- [flags]

  --data DIR       the data folder of the launcher (${defaultData})
  --key-file FILE  a file with an API key that has the scope operate: with API keys, lag is shown only to that
  -h, --help       this text

Exit code 0: all is well. 1: something is not, or no launcher runs. 2: wrong flags.
`

export interface StatusOptions {
  data: string
  keyFile: string | undefined
}

export type Parsed =
  | { kind: 'options'; options: StatusOptions }
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }

const flags = { single: ['data', 'key-file'], repeated: [], bare: ['help'] }

export function parseStatusOptions(args: string[]): Parsed {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  for (const word of positionals) faults.push(`${word} is not a flag`)
  if (faults.length > 0) return { kind: 'faults', faults }
  return {
    kind: 'options',
    options: { data: given.get('data')?.[0] || defaultData, keyFile: given.get('key-file')?.[0] },
  }
}

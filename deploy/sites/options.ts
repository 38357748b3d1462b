import { readArguments } from '../../backbone/process/read-arguments.ts'
import type { ParsedCommand } from '../run-command.ts'

export const help = `Compares DataTopic of two Kafka clusters: which checkouts has one accepted that the other does not have?

  npm run recovery-point -- --from HOST:PORT --to HOST:PORT [flags]

  --from HOST:PORT  a broker of the site that was lost
  --to HOST:PORT    a broker of the site that has taken over
  --since TIME      compare only what the first site has stored since then, such as 2026-11-30T20:00:00Z (all)
  --all-topics      compare all copied topics, record by record: before a planned change of the site
  -h, --help        this text

It prints how many are missing, by partition and lane, and then a line for each: event id, time of receipt, partition.
It only reads. The names of the topics, PARTITIONS and the connection to Kafka are set as those of the processors.
Exit code 0: none is missing. 1: some are. 2: invalid flags or settings, or a cluster cannot be read.
`

export interface RecoveryPointOptions {
  from: string
  to: string
  /** Milliseconds since the epoch. */
  since: number | undefined
  allTopics: boolean
}

const flags = { single: ['from', 'to', 'since'], repeated: [], bare: ['all-topics', 'help'] }
const ADDRESS = /^[^\s:]+:\d+$/
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/

export function parseRecoveryPointOptions(args: string[]): ParsedCommand<RecoveryPointOptions> {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  for (const word of positionals) faults.push(`${word} is not a flag`)
  const addressOf = (name: 'from' | 'to'): string => {
    const address = given.get(name)?.[0] ?? ''
    if (!ADDRESS.test(address)) faults.push(`--${name} must be host:port`)
    return address
  }
  const [from, to] = [addressOf('from'), addressOf('to')]
  const time = given.get('since')?.[0]
  const since = time === undefined ? undefined : TIME.test(time) ? Date.parse(time) : Number.NaN
  if (Number.isNaN(since)) faults.push('--since must be a time with a zone such as 2026-11-30T20:00:00Z')
  if (faults.length > 0) return { kind: 'faults', faults }
  return { kind: 'options', options: { from, to, since, allTopics: given.has('all-topics') } }
}

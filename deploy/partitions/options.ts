import { MOST_PARTITIONS } from '../../backbone/layout/partitions-state.ts'
import { readArguments } from '../../backbone/process/read-arguments.ts'
import { type GatewayAddress, gatewayAddress } from '../gateway-client.ts'
import type { ParsedCommand } from '../run-command.ts'

export const help = `Spreads the customers of a running system over more partitions.

  npm run partitions -- --to N   changes the number, and waits until it is in force
  npm run partitions             shows it

  --to N           the new number, up to ${MOST_PARTITIONS}; there can only be more
  --target URL     a gateway, or a processor (http://127.0.0.1:8080)
  --key-file FILE  a file with an API key with the scope operate; required if keys are in use
  -h, --help       this text

Checkouts wait for about three seconds. If it is interrupted, run it again. While partitions have no owners,
as right after a start, it tries again for a minute.
Exit code 0: in force. 1: the system refused it, or cannot be reached. 2: invalid flags.
`

export interface PartitionOptions extends GatewayAddress {
  /** Undefined: only show the number. */
  to: number | undefined
}

const flags = { single: ['to', 'target', 'key-file'], repeated: [], bare: ['help'] }

export function parsePartitionOptions(args: string[]): ParsedCommand<PartitionOptions> {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  const value = (name: string) => given.get(name)?.[0]
  for (const word of positionals) faults.push(`${word} is not a flag`)
  const address = gatewayAddress(value, faults)
  const wanted = value('to')
  const to = wanted === undefined ? undefined : Number(wanted)
  if (to !== undefined && !(Number.isInteger(to) && to >= 2 && to <= MOST_PARTITIONS))
    faults.push(`--to must be a whole number from 2 to ${MOST_PARTITIONS}`)
  if (faults.length > 0) return { kind: 'faults', faults }
  return { kind: 'options', options: { to, ...address } }
}

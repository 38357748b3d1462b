import { readArguments } from '../../backbone/process/read-arguments.ts'
import { type GatewayAddress, gatewayAddress } from '../gateway-client.ts'
import type { ParsedCommand } from '../run-command.ts'

export const help = `Tells the forecast of a system about times with many more checkouts than usual, or fewer.

  npm run event -- --at TIME --hours N --times N --name TEXT   adds one
  npm run event -- list                                        lists them
  npm run event -- remove ID                                   removes one

  --at TIME        the start: 2026-12-07T20:00 by the clock here, or with a zone, 2026-12-07T20:00-03:00
  --hours N        how long it lasts, up to 168
  --times N        how many times as many checkouts as usual, 0.01 to 1000
  --name TEXT      1 to 80 characters
  --target URL     a gateway, or a processor (http://127.0.0.1:8080)
  --key-file FILE  a file with an API key with the scope operate; required if keys are in use
  -h, --help       this text

The same event is stored once. Exit code 0: done. 1: the system refused it, or cannot be reached. 2: invalid flags.
`

export type EventCommand =
  | { action: 'add'; event: { name: string; from: string; until: string; times: number } }
  | { action: 'list' }
  | { action: 'remove'; id: string }

export interface EventOptions extends GatewayAddress {
  command: EventCommand
}

const HOUR_MS = 3_600_000
const ofEvent = ['at', 'hours', 'times', 'name']
const flags = { single: [...ofEvent, 'target', 'key-file'], repeated: [], bare: ['help'] }
const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?$/

export function parseEventOptions(args: string[]): ParsedCommand<EventOptions> {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  const value = (name: string) => given.get(name)?.[0]
  const [action, id, ...more] = positionals
  const address = gatewayAddress(value, faults)
  const command = commandOf()
  if (command === undefined || faults.length > 0) return { kind: 'faults', faults }
  return { kind: 'options', options: { command, ...address } }

  function commandOf(): EventCommand | undefined {
    if (action === undefined) return addedEvent(value, faults)
    for (const name of ofEvent) if (given.has(name)) faults.push(`--${name} is only for a new event`)
    for (const word of more) faults.push(`${word} is not a flag`)
    if (action === 'list') {
      if (id !== undefined) faults.push(`${id} is not a flag`)
      return { action }
    }
    if (action !== 'remove') faults.push(`${action} is unknown: list and remove are known`)
    else if (id === undefined) faults.push('remove requires the id of an event, which list shows')
    else return { action, id }
    return undefined
  }
}

function addedEvent(value: (name: string) => string | undefined, faults: string[]): EventCommand | undefined {
  const [at, hours, times, name] = ofEvent.map(value)
  for (const flag of ofEvent) if (value(flag) === undefined) faults.push(`--${flag} is required`)
  const from = ISO.test(at ?? '') ? Date.parse(at ?? '') : Number.NaN
  if (at !== undefined && Number.isNaN(from)) faults.push('--at must be a time such as 2026-12-07T20:00')
  const numberOf = (flag: string, text: string | undefined) => {
    const number = text?.trim() === '' ? Number.NaN : Number(text)
    if (text !== undefined && !(number > 0 && Number.isFinite(number)))
      faults.push(`--${flag} must be a number above 0`)
    return number
  }
  const lasts = numberOf('hours', hours)
  const factor = numberOf('times', times)
  if (faults.length > 0) return undefined
  const until = new Date(from + lasts * HOUR_MS)
  if (Number.isNaN(until.getTime())) {
    faults.push('--hours must be 168 at most')
    return undefined
  }
  return {
    action: 'add',
    event: {
      name: name ?? '',
      from: new Date(from).toISOString(),
      until: until.toISOString(),
      times: factor,
    },
  }
}

import { parseArgs } from 'node:util'

export interface Options {
  port: number
  kafkaPort: number | undefined
  data: string
  brokers: 1 | 3
  gateways: number
  processors: number
  /** KAFKA_BROKERS: a Kafka that runs already. */
  kafkaBrokers: string | undefined
}

export const help = `Runs the whole checkout gateway on this machine: Kafka, processors and gateways.

  npm start -- [flags]

  --port N          where the gateway serves (8080)
  --gateways N      gateway processes, all on that port (1)
  --processors N    processor processes (2)
  --brokers 1|3     Kafka brokers; with 3 everything is kept three times (1)
  --kafka-port N    of the first broker, others take the next ones (9092, or any free one if that is taken)
  --data DIR        what must survive a restart, and the logs (.data)
  --help            this text

KAFKA_BROKERS=host:port,... uses a Kafka that runs already instead of starting one. Every other variable of the
environment reaches the gateways and processors as it is. Ctrl-C stops everything and loses nothing; a second one
does not wait.
`

export type Parsed =
  | { kind: 'options'; options: Options }
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }

const defaults = { port: '8080', data: '.data', brokers: '1', gateways: '1', processors: '2' }
const known = {
  port: { type: 'string' },
  'kafka-port': { type: 'string' },
  data: { type: 'string' },
  brokers: { type: 'string' },
  gateways: { type: 'string' },
  processors: { type: 'string' },
  help: { type: 'boolean' },
} as const

export function parseOptions(args: string[], env: NodeJS.ProcessEnv): Parsed {
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
  const given: Record<string, unknown> = { ...defaults, ...values }

  function whole(flag: string, least: number, most: number): number {
    const text = given[flag]
    const number = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= least && number <= most))
      faults.push(`--${flag}: a number from ${least} to ${most} is wanted`)
    return number
  }

  const kafkaBrokers = env['KAFKA_BROKERS'] || undefined
  for (const flag of ['brokers', 'kafka-port'] as const) {
    if (kafkaBrokers && flag in values) faults.push(`--${flag}: of no use, KAFKA_BROKERS is set`)
  }
  if (given['brokers'] !== '1' && given['brokers'] !== '3') faults.push('--brokers: 1 or 3 is wanted')
  if (typeof given['data'] !== 'string' || !given['data']) faults.push('--data: a folder is wanted')
  const options: Options = {
    port: whole('port', 1, 65_535),
    kafkaPort: 'kafka-port' in values ? whole('kafka-port', 1, 65_533) : undefined,
    data: String(given['data']),
    brokers: given['brokers'] === '3' ? 3 : 1,
    gateways: whole('gateways', 1, 64),
    processors: whole('processors', 1, 64),
    kafkaBrokers,
  }
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'options', options }
}

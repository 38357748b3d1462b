import { readArguments } from '../backbone/process/read-arguments.ts'

export interface Options {
  port: number
  /** Port of the first processor; the others follow. */
  processorPort: number
  kafkaPort: number | undefined
  data: string
  brokers: 1 | 3
  gateways: number
  processors: number
  /** KAFKA_BROKERS: a Kafka that is already running. */
  kafkaBrokers: string | undefined
  /** Whether the gateways serve the demonstration shop. */
  demo: boolean
}

export const help = `Runs the whole checkout gateway on this machine: Kafka, processors and gateways.

  npm start -- [flags]

  --port N            port of the gateway (8080)
  --gateways N        number of gateways, all on that port (1); with several, each also has a port of its own for
                      its metrics, after those of the processors
  --processors N      number of processors (2)
  --processor-port N  port of the first processor, the others use the next ones (10 above --port)
  --brokers 1|3       number of Kafka brokers; with 3 everything is stored three times (1)
  --kafka-port N      port of the first broker, the others use the next ones (9092, or any free one if it is in use)
  --data DIR          folder of the data and the logs (.data)
  -h, --help          this text

KAFKA_BROKERS=host:port,... uses a running Kafka instead of starting one. Every other variable of the
environment is passed to the gateways and processors. DEMO=false leaves out the demonstration shop at /demo; with
KAFKA_BROKERS, only DEMO=true serves it. Ctrl-C stops everything without losing data; a second one does not wait.
npm run status shows the state.
`

export type Parsed =
  | { kind: 'options'; options: Options }
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }

export const defaultData = '.data'
const LAST_PORT = 65_535
const PROCESSORS_ABOVE = 10
const ownKafkaOnly = ['brokers', 'kafka-port']
const flags = {
  single: ['port', 'gateways', 'processors', 'processor-port', 'data', ...ownKafkaOnly],
  repeated: [],
  bare: ['help'],
}

export function parseOptions(args: string[], env: NodeJS.ProcessEnv): Parsed {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  for (const word of positionals) {
    faults.push(`${word} is not a flag; npm passes on what follows a --, as in: npm start -- --port 8081`)
  }

  function whole(flag: string, fallback: number, most: number): number {
    const text = given.get(flag)?.[0] ?? String(fallback)
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= 1 && number <= most)) faults.push(`--${flag} must be 1 to ${most}, not '${text}'`)
    return number
  }

  const kafkaBrokers = env['KAFKA_BROKERS'] || undefined
  for (const flag of ownKafkaOnly) {
    if (kafkaBrokers && given.has(flag)) faults.push(`--${flag} has no effect, KAFKA_BROKERS is set`)
  }
  const brokers = given.get('brokers')?.[0] ?? '1'
  if (brokers !== '1' && brokers !== '3') faults.push(`--brokers must be 1 or 3, not '${brokers}'`)
  const processors = whole('processors', 2, 64)
  const port = whole('port', 8080, LAST_PORT - PROCESSORS_ABOVE - 64)
  const options: Options = {
    port,
    processorPort: given.has('processor-port')
      ? whole('processor-port', 0, LAST_PORT - 64)
      : port + PROCESSORS_ABOVE,
    kafkaPort: given.has('kafka-port') ? whole('kafka-port', 0, LAST_PORT - 2) : undefined,
    data: given.get('data')?.[0] ?? defaultData,
    brokers: brokers === '3' ? 3 : 1,
    gateways: whole('gateways', 1, 64),
    processors,
    kafkaBrokers,
    // Another Kafka may be one in production, which should not get invented purchases.
    demo: env['DEMO'] ? env['DEMO'] === 'true' : kafkaBrokers === undefined,
  }
  if (options.data === '') faults.push('--data must name a folder')
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'options', options }
}

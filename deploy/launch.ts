import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { prepareKafka } from './kafka/start-kafka.ts'
import { LaunchError } from './launch-error.ts'
import type { Options } from './options.ts'
import { placeSecretFile } from './place-secret.ts'
import { freePorts, isFree, promisePorts } from './ports.ts'
import { createService } from './service.ts'
import { type Supervision, supervise } from './supervise.ts'
import type { Watchdog } from './watchdog.ts'

const kafkaDefaultPort = 9092
// What services log that are started before their Kafka answers: no news to whoever has just started both.
const NO_KAFKA_YET = ['Kafka is not reachable', 'Kafka is not ready']

interface Surroundings extends Supervision {
  env: NodeJS.ProcessEnv
  watchdog: Watchdog
}

/** Starts every part; resolves with Kafka's addresses when all of them can serve. */
export async function launch(options: Options, surroundings: Surroundings): Promise<string> {
  const { env, watchdog, report } = surroundings
  const data = resolve(options.data)
  promisePorts(options.port)
  const kafka = options.kafkaBrokers
    ? { addresses: options.kafkaBrokers, start: () => Promise.resolve() }
    : await prepareOwnKafka(options, surroundings)
  const processorPorts = await freePorts(options.processors)
  const backbone = { ...env, KAFKA_BROKERS: kafka.addresses }
  let startsKafka = options.kafkaBrokers === undefined
  const reportService = (line: string) => {
    if (!startsKafka || !NO_KAFKA_YET.some((text) => line.includes(text))) report(line)
  }

  const processors = processorPorts.map((port, i) => {
    const folder = join(data, `processor-${i + 1}`)
    mkdirSync(folder, { recursive: true })
    const own = { ...backbone, VIEW_FILE: join(folder, 'view.db') }
    return createService({
      role: 'processor',
      number: i + 1,
      port,
      env: own,
      data,
      watchdog,
      report: reportService,
    })
  })
  const urls = processorPorts.map((port) => `http://127.0.0.1:${port}`).join(',')
  const placeSecret = placeSecretFile(data)
  const gateways = Array.from({ length: options.gateways }, (_, i) => {
    const own = { PLACE_SECRET_FILE: placeSecret, ...backbone, PROCESSOR_URLS: urls }
    return createService({
      role: 'gateway',
      number: i + 1,
      port: options.port,
      env: own,
      data,
      watchdog,
      report: reportService,
    })
  })

  const services = [...processors, ...gateways]
  // They get ready to serve while Kafka does.
  const serving = kafka.start()
  for (const { child } of services) {
    // Without giving up: whatever processors cannot do, gateways and Kafka can still take purchases.
    supervise(child, { report, stopping: surroundings.stopping })
    child.start()
  }
  await Promise.all([serving, ...services.map((service) => service.ready())])
  startsKafka = false
  return kafka.addresses
}

async function prepareOwnKafka(options: Options, surroundings: Surroundings) {
  const { watchdog, report } = surroundings
  const port = await chooseKafkaPort(options)
  const kafka = await prepareKafka({
    dataDir: options.data,
    brokers: options.brokers,
    ...(port !== undefined && { port }),
    watchdog,
    log: report,
  })
  return {
    addresses: kafka.bootstrap.join(','),
    async start(): Promise<void> {
      for (const { child } of await kafka.start()) supervise(child, surroundings)
    },
  }
}

async function chooseKafkaPort({ kafkaPort, brokers, port: served }: Options): Promise<number | undefined> {
  const first = kafkaPort ?? kafkaDefaultPort
  const ports = Array.from({ length: brokers }, (_, i) => first + i)
  for (const port of ports) {
    if (port !== served && (await isFree(port))) continue
    if (kafkaPort === undefined) return undefined
    const taken = port === served ? 'is where the gateway is to serve' : 'is in use'
    throw new LaunchError(`port ${port} ${taken}: choose another for Kafka with --kafka-port`)
  }
  promisePorts(...ports)
  return first
}

import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commaSeparated } from '../backbone/process/settings.ts'
import { awaitKafka } from './kafka/await-kafka.ts'
import { prepareKafka } from './kafka/start-kafka.ts'
import { LaunchError } from './launch-error.ts'
import { keepState, type Part, type WatchedPart } from './launcher-state.ts'
import type { Options } from './options.ts'
import { holdPorts, isFree } from './ports.ts'
import { reportRecovery } from './report-recovery.ts'
import type { ReservedPorts } from './reserve-ports.ts'
import { createService, type Service } from './service.ts'
import { type Supervision, supervise } from './supervise.ts'
import { ticketSecretFile } from './ticket-secret.ts'
import type { Watchdog } from './watchdog.ts'

const kafkaDefaultPort = 9092
// Services log this while Kafka is not listening yet; the launcher itself reports that it waits.
const NO_KAFKA_YET = ['Kafka is not reachable', 'Kafka is not ready']

interface Surroundings extends Supervision {
  env: NodeJS.ProcessEnv
  watchdog: Watchdog
  ports: ReservedPorts
}

/** Starts every part; resolves with the addresses of Kafka when all parts are ready. */
export async function launch(options: Options, surroundings: Surroundings): Promise<string> {
  const { report, stopping } = surroundings
  const parts: WatchedPart[] = []
  // Never gives up: without processors, gateways and Kafka can still accept purchases.
  function watch(part: Part, supervision: Supervision = { report, stopping }) {
    const watched = { ...part, restarts: 0 }
    parts.push(watched)
    part.child.onDeath(() => watched.restarts++)
    supervise(part.child, supervision)
    reportRecovery(part, surroundings)
  }

  const kafka = await prepareAnyKafka(options, surroundings, (broker) => watch(broker, surroundings))
  let awaitsKafka = true
  const services = createServices(options, kafka.addresses, {
    ...surroundings,
    report: (line) => {
      if (!awaitsKafka || !NO_KAFKA_YET.some((text) => line.includes(text))) report(line)
    },
  })
  async function awaitAnyKafka() {
    await kafka.ready()
    // Our own Kafka refuses nothing any more; lines that services logged before are still being read, and stay hidden.
    if (options.kafkaBrokers !== undefined) awaitsKafka = false
  }
  // They start while Kafka starts.
  const serving = awaitAnyKafka()
  for (const service of services) {
    watch(service)
    service.child.start()
  }
  keepState(options.data, { kafka: kafka.addresses, parts }, stopping)
  // Not before: asking takes time from what Kafka needs to start.
  await serving
  await Promise.all(services.map((service) => service.ready()))
  awaitsKafka = false
  return kafka.addresses
}

function createServices(options: Options, kafka: string, surroundings: Surroundings): Service[] {
  const { env, watchdog, report, ports } = surroundings
  const { processorPorts, metricsPorts } = ports
  const data = resolve(options.data)
  const common = { data, watchdog, report }
  const backbone = { ...env, KAFKA_BROKERS: kafka }

  const processors = processorPorts.map((port, i) => {
    const folder = join(data, `processor-${i + 1}`)
    mkdirSync(folder, { recursive: true })
    const own = { ...backbone, VIEW_FILE: join(folder, 'view.db') }
    return createService({ ...common, role: 'processor', number: i + 1, port, env: own })
  })
  const urls = processorPorts.map((port) => `http://127.0.0.1:${port}`).join(',')
  const own = {
    PLACE_SECRET_FILE: ticketSecretFile(data),
    ...backbone,
    PROCESSOR_URLS: urls,
    DEMO: String(options.demo),
  }
  const gateways = Array.from({ length: options.gateways }, (_, i) => {
    const metricsPort = metricsPorts[i]
    const alone = metricsPort === undefined ? {} : { METRICS_PORT: String(metricsPort) }
    const { port } = options
    return createService({ ...common, role: 'gateway', number: i + 1, port, env: { ...own, ...alone } })
  })
  return [...processors, ...gateways]
}

interface AnyKafka {
  addresses: string
  ready(): Promise<void>
}

async function prepareAnyKafka(
  options: Options,
  surroundings: Surroundings,
  watch: (part: Part) => void,
): Promise<AnyKafka> {
  const { watchdog, report, stopping } = surroundings
  const { kafkaBrokers } = options
  if (kafkaBrokers !== undefined) {
    return {
      addresses: kafkaBrokers,
      ready: () => awaitKafka(commaSeparated.parse(kafkaBrokers), report, stopping),
    }
  }
  const port = await chooseKafkaPort(options, surroundings)
  const kafka = await prepareKafka({
    dataDir: options.data,
    brokers: options.brokers,
    ...(port !== undefined && { port }),
    watchdog,
    log: report,
  })
  return {
    addresses: kafka.bootstrap.join(','),
    async ready() {
      for (const broker of await kafka.start()) watch({ role: 'kafka', ...broker })
    },
  }
}

async function chooseKafkaPort(
  { kafkaPort, brokers, port: gatewayPort }: Options,
  { ports: { processorPorts, metricsPorts } }: Surroundings,
): Promise<number | undefined> {
  const first = kafkaPort ?? kafkaDefaultPort
  const ports = Array.from({ length: brokers }, (_, i) => first + i)
  for (const port of ports) {
    const isOurs = [gatewayPort, ...processorPorts, ...metricsPorts].includes(port)
    if (!isOurs && (await isFree(port))) continue
    if (kafkaPort === undefined) return undefined
    const taken = isOurs ? 'is used by a gateway or a processor' : 'is in use'
    throw new LaunchError(`port ${port} ${taken}: choose another Kafka port with --kafka-port`)
  }
  holdPorts(...ports)
  return first
}

import { freePorts } from '../../deploy/ports.ts'
import { quantiles } from '../quantiles.ts'
import { startServices } from '../start-service.ts'
import { type LoadShape, loadWithUnique, type UniqueLoad } from '../tools/unique-load.ts'
import { auditTopic } from './audit-topic.ts'
import type { Figures, Pair } from './comparison.ts'
import type { Cluster } from './site.ts'

const WARM_UP_SECONDS = 3

interface GatewayRun {
  cluster: Cluster
  command: string[]
  seconds: number
  shape: LoadShape
  partitions?: number
  /** Gateways that share the port. */
  processes?: number
  /** Whether acknowledged checkouts are in Kafka. */
  stores?: boolean
  settings?: Record<string, string>
}

const SLICES = 6

/** Starts a gateway on its own topics. */
async function startMeasuredGateway({
  cluster,
  command,
  shape,
  partitions = 6,
  processes = 1,
  stores = true,
  settings = {},
}: GatewayRun) {
  const topics = await cluster.createTopics(partitions)
  const [port = 0] = await freePorts(1)
  const env = {
    KAFKA_BROKERS: cluster.brokers.join(','),
    ...topics.names,
    PARTITIONS: String(partitions),
    ...settings,
  }
  const gateways = await startServices(
    Array.from({ length: processes }, () => ({ command, port, env, role: 'product' })),
  )
  const url = `http://127.0.0.1:${port}`
  const loads: UniqueLoad[] = []
  let warmedWith = 0
  let cpuMs = 0
  const total = (of: (load: UniqueLoad) => number) => loads.reduce((sum, load) => sum + of(load), 0)
  const median = (of: (load: UniqueLoad) => number) => quantiles(loads.map(of)).p50

  return {
    async warmUp(): Promise<void> {
      const load = await loadWithUnique(url, shape, WARM_UP_SECONDS)
      warmedWith = load.accepted
    },

    /** Its maximum throughput for so many seconds. */
    async load(seconds: number): Promise<void> {
      const before = gateways.cpuMs()
      loads.push(await loadWithUnique(url, shape, seconds))
      cpuMs += gateways.cpuMs() - before
    },

    /** Of all loads together, the latencies as the median of them; and whether everything acknowledged is stored. */
    async figures(): Promise<Figures> {
      const accepted = total((load) => load.accepted)
      const peakMiB = gateways.peakMiB()
      const audit = stores ? await auditTopic(cluster.kafka, topics.names.DATA_TOPIC) : undefined
      return {
        perSecond: accepted / total((load) => load.seconds),
        cpuUs: (cpuMs * 1_000) / accepted,
        peakMiB,
        p50: median(({ latency }) => latency.p50),
        p99: median(({ latency }) => latency.p99),
        refused: total((load) => load.refused),
        // Requests in flight at the end of the load are stored without an answer.
        ...(audit
          ? {
              lost: Math.max(0, warmedWith + accepted - audit.events),
              doubled: audit.records - audit.events,
            }
          : {}),
      }
    },

    async [Symbol.asyncDispose](): Promise<void> {
      await gateways.stop()
      await topics.remove()
    },
  }
}

/** Measures the maximum throughput of a gateway, and verifies what it stored. */
export async function measureGateway(run: GatewayRun): Promise<Figures> {
  await using gateway = await startMeasuredGateway(run)
  await gateway.warmUp()
  await gateway.load(run.seconds)
  return await gateway.figures()
}

/**
 * Both run all the time, and are loaded in turn, one slice of the seconds each: what the machine does meanwhile concerns
 * both, so that a difference of a few percent shows.
 */
export const inSlices =
  (measured: GatewayRun, baseline: GatewayRun): Pair['round'] =>
  async (measuredFirst) => {
    await using one = await startMeasuredGateway(measured)
    await using other = await startMeasuredGateway(baseline)
    const order = measuredFirst ? [one, other] : [other, one]
    for (const side of order) await side.warmUp()
    // ABBA: a machine that becomes slower or quicker favours neither.
    for (let slice = 0; slice < SLICES; slice++)
      for (const side of slice % 2 === 0 ? order : order.toReversed())
        await side.load(Math.ceil(measured.seconds / SLICES))
    return { measured: await one.figures(), baseline: await other.figures() }
  }

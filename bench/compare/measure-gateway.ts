import { freePorts } from '../../deploy/ports.ts'
import { startServices } from '../start-service.ts'
import { type LoadShape, loadWithUnique } from '../tools/unique-load.ts'
import { auditTopic } from './audit-topic.ts'
import type { Figures } from './comparison.ts'
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

/**
 * Starts a gateway on its own topics, warms it up, and measures its maximum throughput; then verifies what it
 * stored.
 */
export async function measureGateway({
  cluster,
  command,
  seconds,
  shape,
  partitions = 6,
  processes = 1,
  stores = true,
  settings = {},
}: GatewayRun): Promise<Figures> {
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
  try {
    const warm = await loadWithUnique(url, shape, WARM_UP_SECONDS)
    const cpuBefore = gateways.cpuMs()
    const load = await loadWithUnique(url, shape, seconds)
    const cpuMs = gateways.cpuMs() - cpuBefore
    const peakMiB = gateways.peakMiB()
    const acknowledged = warm.accepted + load.accepted
    const audit = stores ? await auditTopic(cluster.kafka, topics.names.DATA_TOPIC) : undefined
    return {
      perSecond: load.accepted / load.seconds,
      cpuUs: (cpuMs * 1_000) / load.accepted,
      peakMiB,
      p50: load.latency.p50,
      p99: load.latency.p99,
      refused: load.refused,
      // Requests in flight at the end of the load are stored without an answer.
      ...(audit
        ? { lost: Math.max(0, acknowledged - audit.events), doubled: audit.records - audit.events }
        : {}),
    }
  } finally {
    await gateways.stop()
    await topics.remove()
  }
}

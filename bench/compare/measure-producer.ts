import { kafkaTool } from '../../test/kafka-tool.ts'
import { runToEnd } from '../children.ts'
import type { Figures } from './comparison.ts'
import type { Cluster } from './site.ts'

const PARTITIONS = 6
const RECORD_BYTES = 330
const WITHIN_MS = 600_000

/** Throughput of Kafka's own producer, with acknowledgements of all replicas. */
export async function measureProducer(cluster: Cluster, records: number): Promise<Figures> {
  const topics = await cluster.createTopics(PARTITIONS)
  const options = {
    topic: topics.names.DATA_TOPIC,
    'num-records': records,
    'record-size': RECORD_BYTES,
    throughput: -1,
  }
  const command = [
    ...kafkaTool('org.apache.kafka.tools.ProducerPerformance'),
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    '--producer-props',
    `bootstrap.servers=${cluster.brokers.join(',')}`,
    'acks=all',
    'enable.idempotence=true',
  ]
  try {
    const { stdout } = await runToEnd(command, WITHIN_MS, 'product')
    const report = [...stdout.matchAll(/(\d+) records sent, ([\d.]+) records\/sec/g)].at(-1)
    return { perSecond: Number(report?.[2]) }
  } finally {
    await topics.remove()
  }
}

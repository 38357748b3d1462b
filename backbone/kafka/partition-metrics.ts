import { Gauge, type Registry } from 'prom-client'

export function createPartitionMetrics(registry: Registry) {
  const registers = [registry]
  return {
    partitions: new Gauge({
      name: 'checkout_topic_partitions',
      help: 'Partitions of a topic in Kafka',
      labelNames: ['topic'],
      registers,
    }),
    mismatch: new Gauge({
      name: 'checkout_topic_mismatch',
      help: '1 while DataTopic and Notifications differ in partitions, or this process works with another number; else 0',
      registers,
    }),
  }
}

export type PartitionMetrics = ReturnType<typeof createPartitionMetrics>

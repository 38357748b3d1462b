import { Kafka, logLevel } from 'kafkajs'
import { avoidIdleTimers } from './idle-timers.ts'
import { type Cluster, createTopicAdmin } from './topic-admin.ts'

/** Asks one broker, without TLS and SASL, which cluster it belongs to. Rejects within seconds if it does not answer. */
export async function describeCluster(broker: string): Promise<Cluster> {
  avoidIdleTimers()
  const admin = createTopicAdmin(
    new Kafka({
      brokers: [broker],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1000,
      requestTimeout: 2000,
      retry: { retries: 0 },
    }),
  )
  try {
    await admin.connect()
    return await admin.describeCluster()
  } finally {
    await admin.disconnect()
  }
}

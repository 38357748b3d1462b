import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditTopic } from './audit-topic.ts'
import type { Figures } from './comparison.ts'
import { fillTopic } from './fill-topic.ts'
import { openStream } from './open-stream.ts'
import type { BenchSite } from './site.ts'
import { startProcessor } from './start-processor.ts'

const EVERY_MS = 100
const SETTLED_MS = 1_000

interface ProcessorRun {
  perSecond?: number
  partitions?: number
  brokers?: 1 | 3
  /** Open streams, each of a different customer. */
  streams?: number
}

/** Opens streams of customers without new outcomes: they buy later, or have already bought. */
async function openStreams(port: number, count: number): Promise<Socket[]> {
  const open = async (_: unknown, number: number) => {
    const customer = number.toString(16).padStart(24, 'f')
    const socket = openStream(port, `?customer=${customer}`)
    await once(socket, 'data')
    return socket.resume()
  }
  return Promise.all(Array.from({ length: count }, open))
}

/** CPU of a processor at a steady rate. */
export async function measureProcessor(
  { cluster, folder, seconds }: BenchSite,
  { perSecond = 300, partitions = 6, brokers = 1, streams = 0 }: ProcessorRun,
): Promise<Figures> {
  const kafka = await cluster(brokers)
  const topics = await kafka.createTopics(partitions)
  const processor = await startProcessor(kafka, topics, folder, { PARTITIONS: String(partitions) })
  const sockets = await openStreams(processor.port, streams)
  try {
    const cpuBefore = processor.cpuMs()
    const startedAt = performance.now()
    const batches = (seconds * 1_000) / EVERY_MS
    const each = Math.round((perSecond * EVERY_MS) / 1_000)
    for (let batch = 0; batch < batches; batch++) {
      await sleep(Math.max(0, startedAt + batch * EVERY_MS - performance.now()))
      await fillTopic(kafka.kafka, topics.names.DATA_TOPIC, { partitions, records: each, from: batch * each })
    }
    await sleep(SETTLED_MS)
    const records = batches * each
    const cpuMs = processor.cpuMs() - cpuBefore
    const audit = await auditTopic(kafka.kafka, topics.names.NOTIFICATIONS_TOPIC)
    return {
      cpuUs: (cpuMs * 1_000) / records,
      missing: records - audit.events,
      doubled: audit.records - audit.events,
    }
  } finally {
    for (const socket of sockets) socket.destroy()
    await processor.end()
  }
}

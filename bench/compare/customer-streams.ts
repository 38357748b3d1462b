import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditTopic } from './audit-topic.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { fillTopic } from './fill-topic.ts'
import { openStream } from './open-stream.ts'
import type { BenchSite } from './site.ts'
import { startProcessor } from './start-processor.ts'

const PARTITIONS = 6
const STREAMS = 1_000
const RECORDS_A_BATCH = 30
const EVERY_MS = 100
const SETTLED_MS = 1_000

/** Of customers to whom nothing comes: they buy later, or have bought already. */
async function openStreams(port: number, count: number): Promise<Socket[]> {
  const open = async (_: unknown, number: number) => {
    const customer = number.toString(16).padStart(24, 'f')
    const socket = openStream(port, `?customer=${customer}`)
    await once(socket, 'data')
    return socket.resume()
  }
  return Promise.all(Array.from({ length: count }, open))
}

/** What a processor needs at a steady rate, with so many streams open. */
async function measure({ cluster, folder, seconds }: BenchSite, streams: number): Promise<Figures> {
  const one = await cluster(1)
  const topics = await one.createTopics(PARTITIONS)
  const processor = await startProcessor(one, topics, folder)
  const sockets = await openStreams(processor.port, streams)
  try {
    const cpuBefore = processor.cpuMs()
    const startedAt = performance.now()
    const batches = (seconds * 1_000) / EVERY_MS
    for (let batch = 0; batch < batches; batch++) {
      await sleep(Math.max(0, startedAt + batch * EVERY_MS - performance.now()))
      await fillTopic(one.kafka, topics.names.DATA_TOPIC, {
        partitions: PARTITIONS,
        records: RECORDS_A_BATCH,
        from: batch * RECORDS_A_BATCH,
      })
    }
    await sleep(SETTLED_MS)
    const records = batches * RECORDS_A_BATCH
    const cpuUs = ((processor.cpuMs() - cpuBefore) * 1_000) / records
    const audit = await auditTopic(one.kafka, topics.names.NOTIFICATIONS_TOPIC)
    return { cpuUs, missing: records - audit.events, doubled: audit.records - audit.events }
  } finally {
    for (const socket of sockets) socket.destroy()
    await processor.end()
  }
}

export const customerStreams: Comparison = {
  name: 'customer-streams',
  ours: `a processor at 300 checkouts/s, ${STREAMS} streams open, each of another customer`,
  theirs: 'the same without streams',
  shown: { cpuUs: 'CPU µs a checkout', missing: 'missing', doubled: 'doubled' },
  ratios: [{ figure: 'cpuUs', title: 'CPU a checkout', better: 'less', reach: undefined }],
  prepare: (site) =>
    Promise.resolve({
      round: inTurn(
        () => measure(site, STREAMS),
        () => measure(site, 0),
      ),
    }),
}

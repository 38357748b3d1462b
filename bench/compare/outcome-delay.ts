import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { z } from 'zod'
import { freePorts } from '../../deploy/ports.ts'
import { program } from '../program.ts'
import { quantiles } from '../quantiles.ts'
import { startService } from '../start-service.ts'
import { createLoadgen } from '../tools/loadgen.ts'
import type { Figures } from './comparison.ts'
import type { BenchSite } from './site.ts'

/** A program that classifies DataTopic into Notifications, configured like a processor. */
export interface Worker {
  command: string[]
  settings: Record<string, string>
}

interface DelayRun extends Worker {
  perSecond: number
}

const PARTITIONS = 6
const WARM_UP_SECONDS = 20
const NOTHING_MORE_WITHIN_MS = 15_000

const messageSchema = z.object({ message: z.string(), receivedAt: z.iso.datetime() })

/** Measures the time from the acceptance of a checkout by a gateway until its message can be read from Notifications. */
export async function measureOutcomeDelay(
  { cluster, folder, seconds }: BenchSite,
  { command, settings, perSecond }: DelayRun,
): Promise<Figures> {
  const { brokers, kafka, createTopics } = await cluster(1)
  const topics = await createTopics(PARTITIONS)
  const [workerPort = 0, gatewayPort = 0] = await freePorts(2)
  const env = { ...topics.names, KAFKA_BROKERS: brokers.join(',') }
  const run = randomUUID().slice(0, 8)
  const worker = await startService({
    command,
    port: workerPort,
    env: { ...env, GROUP_ID: `bench-${run}`, VIEW_FILE: join(folder, run, 'view.db'), ...settings },
    role: 'product',
  })
  const gateway = await startService({
    command: program('gateway/main.ts'),
    port: gatewayPort,
    env,
    role: 'product',
  })
  const messages = await readMessages(kafka, topics.names.NOTIFICATIONS_TOPIC)
  // Buyers are notified, others are not.
  const load = createLoadgen('buyers', ['--rate', String(perSecond), '--buyers', '1', '--workers', '1'])
  try {
    await load.run(gateway.url, WARM_UP_SECONDS)
    await messages.take()
    const { requests } = await load.run(gateway.url, seconds)
    const delays = await messages.take()
    const { p50, p99 } = quantiles(delays)
    return { p50, p99, perSecond: requests / seconds, missing: requests - delays.length }
  } finally {
    await messages.end()
    await gateway.stop()
    await worker.stop()
    await topics.remove()
  }
}

async function readMessages(kafka: Kafka, topic: string) {
  const consumer = kafka.consumer({ groupId: `delays-${randomUUID()}` })
  let delays: number[] = []
  let heardAt = performance.now()
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachBatch({ batch }) {
      const now = Date.now()
      for (const { value } of batch.messages) {
        const message = messageSchema.safeParse(JSON.parse(value?.toString() ?? 'null'))
        if (message.success) delays.push(now - Date.parse(message.data.receivedAt))
      }
      heardAt = performance.now()
      return Promise.resolve()
    },
  })
  return {
    /** Milliseconds for each message since the last call; waits until no more arrive. */
    async take(): Promise<number[]> {
      heardAt = performance.now()
      while (performance.now() - heardAt < NOTHING_MORE_WITHIN_MS) await sleep(100)
      const taken = delays
      delays = []
      return taken
    },
    end: () => consumer.disconnect(),
  }
}

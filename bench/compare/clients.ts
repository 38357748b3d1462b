import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { program } from '../program.ts'
import { auditTopic } from './audit-topic.ts'
import { type Comparison, type Figures, inTurn, type Pair } from './comparison.ts'
import type { Cluster } from './site.ts'

const PARTITIONS = 6
const WITHIN_MS = 600_000
const publishers = {
  kafkajs: program('bench/servers/publish-kafkajs.ts'),
  platformatic: program('bench/servers/publish-platformatic.ts'),
}

interface Publishing {
  cluster: Cluster
  client: keyof typeof publishers
  /** 0: as many as possible. */
  perSecond: number
  records: number
  /** A disturbance of the cluster during the run. */
  meanwhile?: () => Promise<void>
}

const publishedSchema = z.object({ perSecond: z.number(), rejected: z.number(), longestStallMs: z.number() })

async function measurePublishing(options: Publishing): Promise<Figures> {
  const { cluster, client, perSecond, records, meanwhile } = options
  const topics = await cluster.createTopics(PARTITIONS)
  const topic = topics.names.DATA_TOPIC
  try {
    const command = [...publishers[client], cluster.brokers.join(','), topic, `${perSecond}`, `${records}`]
    const [{ stdout, cpuMs }] = await Promise.all([runToEnd(command, WITHIN_MS, 'product'), meanwhile?.()])
    const audit = await auditTopic(cluster.kafka, topic)
    return {
      ...publishedSchema.parse(JSON.parse(stdout)),
      cpuUs: (cpuMs * 1_000) / records,
      lost: records - audit.events,
      doubled: audit.records - audit.events,
    }
  } finally {
    await topics.remove()
  }
}

const bothClients = (publishing: Omit<Publishing, 'client'>): Pair => ({
  round: inTurn(
    () => measurePublishing({ ...publishing, client: 'kafkajs' }),
    () => measurePublishing({ ...publishing, client: 'platformatic' }),
  ),
})

export const clientPublish: Comparison = {
  name: 'client-publish',
  measured: 'kafkajs publishes as a gateway does: one send of up to 500 in flight',
  baseline: '@platformatic/kafka does',
  shown: { perSecond: 'records/s', cpuUs: 'CPU µs each', lost: 'lost', doubled: 'duplicated' },
  ratios: [
    { figure: 'perSecond', title: 'records/s', better: 'more', target: undefined },
    { figure: 'cpuUs', title: 'CPU each', better: 'less', target: undefined },
  ],
  prepare: async ({ cluster, records }) => bothClients({ cluster: await cluster(1), perSecond: 0, records }),
}

const KILLED_RATE = 500
const KILLED_SECONDS = 20
const KILLED_AFTER_MS = 6_000
const AWAY_MS = 4_000

export const clientKilled: Comparison = {
  name: 'client-killed-broker',
  measured: `kafkajs at ${KILLED_RATE} records/s, while one of three brokers is killed`,
  baseline: '@platformatic/kafka',
  shown: {
    rejected: 'sends rejected',
    longestStallMs: 'longest time without a response, ms',
    lost: 'lost',
    doubled: 'duplicated',
  },
  ratios: [
    { figure: 'longestStallMs', title: 'longest time without a response', better: 'less', target: undefined },
  ],
  async prepare({ cluster }) {
    const three = await cluster(3)
    return bothClients({
      cluster: three,
      perSecond: KILLED_RATE,
      records: KILLED_RATE * KILLED_SECONDS,
      async meanwhile() {
        await sleep(KILLED_AFTER_MS)
        await three.killBroker(AWAY_MS)
      },
    })
  },
}

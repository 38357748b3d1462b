import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../deploy/ports.ts'
import { program } from '../program.ts'
import { quantiles } from '../quantiles.ts'
import { startService } from '../start-service.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { fillTopic } from './fill-topic.ts'
import { readAtRate } from './read-load.ts'
import type { BenchSite } from './site.ts'
import { startProcessor } from './start-processor.ts'

const PARTITIONS = 6
const EVENTS = 5_000
const PER_SECOND = 100
const FREEZES_AT_MS = 1_000
// From one second after the freeze: the first second would measure its detection.
const MEASURED_FROM_MS = FREEZES_AT_MS + 1_000

const eventId = (number: number) => `bench-${(number % EVENTS).toString(16).padStart(24, '0')}`

/** Half of the reads are pages, half single outcomes. */
const path = (number: number) =>
  number % 2 === 0 ? '/notifications?limit=10' : `/checkout/${eventId(number)}`

async function startPool({ cluster, folder }: BenchSite) {
  const one = await cluster(1)
  const topics = await one.createTopics(PARTITIONS)
  const group = { GROUP_ID: `bench-${topics.names.DATA_TOPIC}` }
  const [healthy, frozen] = await Promise.all([
    startProcessor(one, topics, folder, group),
    startProcessor(one, topics, folder, group),
  ])
  const [port = 0] = await freePorts(1)
  const gateway = await startService({
    command: program('gateway/main.ts'),
    port,
    env: {
      ...topics.names,
      KAFKA_BROKERS: one.brokers.join(','),
      PROCESSOR_URLS: `${healthy.url},${frozen.url}`,
      // The gateway warns of each freeze.
      LOG_LEVEL: 'error',
    },
    role: 'product',
  })
  await fillTopic(one.kafka, topics.names.DATA_TOPIC, { partitions: PARTITIONS, records: EVENTS })
  for (const { url } of [healthy, frozen]) {
    const known = async (number: number) => (await fetch(`${url}/checkout/${eventId(number)}`)).ok
    for (let number = 0; number < EVENTS; number++) while (!(await known(number))) await sleep(100)
  }
  return {
    url: gateway.url,
    frozen,
    async end() {
      await gateway.stop()
      await frozen.stop()
      await healthy.end()
    },
  }
}

type Pool = Awaited<ReturnType<typeof startPool>>

async function measureReads({ url }: Pool, seconds: number): Promise<Figures> {
  const load = { perSecond: PER_SECOND, seconds: seconds + MEASURED_FROM_MS / 1_000, path }
  const reads = (await readAtRate(url, load)).filter(({ dueMs }) => dueMs >= MEASURED_FROM_MS)
  const tookMs = reads.flatMap((read) => read.tookMs ?? [])
  const { p50, p99 } = quantiles(tookMs)
  const failed = reads.length - tookMs.length
  return { p50, p99, failed, answered: tookMs.length / reads.length }
}

async function measureFrozen(pool: Pool, seconds: number): Promise<Figures> {
  const measuring = measureReads(pool, seconds)
  await sleep(FREEZES_AT_MS)
  pool.frozen.signal('SIGSTOP')
  try {
    return await measuring
  } finally {
    pool.frozen.signal('SIGCONT')
    while (!(await isWhole(pool))) await sleep(100)
  }
}

/** Both processors answer the gateway, and the frozen one has caught up. */
async function isWhole({ url, frozen }: Pool): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`)
  const { checks } = (await response.json()) as { checks: { status: string }[] }
  return checks.every(({ status }) => status === 'pass') && (await fetch(`${frozen.url}/health/ready`)).ok
}

export const frozenProcessor: Comparison = {
  name: 'frozen-processor',
  measured: `${PER_SECOND} reads/s, one of two processors frozen, from one second after the freeze on`,
  baseline: 'the same with both running',
  shown: { p50: 'p50, ms', p99: 'p99, ms', failed: 'failed' },
  ratios: [
    { figure: 'answered', title: 'reads answered', better: 'more', target: 1 },
    { figure: 'p99', title: 'p99', better: 'less', target: 3 },
  ],
  async prepare(site) {
    const pool = await startPool(site)
    await measureReads(pool, site.seconds)
    return {
      round: inTurn(
        () => measureFrozen(pool, site.seconds),
        () => measureReads(pool, site.seconds),
      ),
      end: () => pool.end(),
    }
  },
}

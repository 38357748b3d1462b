import type { Admin } from 'kafkajs'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { endOf, watchGrowth } from './drain.ts'
import { fillTopic } from './fill-topic.ts'
import type { BenchSite } from './site.ts'
import { startProcessor } from './start-processor.ts'

const PARTITIONS = 6
// Enough to compile all hot code.
const FEW = 100_000
const ADDED = 200_000

/** Starts a processor that has already classified `ids` records, and gets more. */
async function startExperienced({ cluster, folder }: BenchSite, admin: Admin, ids: number) {
  const kafka = await cluster(1)
  const topics = await kafka.createTopics(PARTITIONS)
  const processor = await startProcessor(kafka, topics, folder)
  let known = 0

  async function classify(records: number): Promise<Figures> {
    const from = await endOf(admin, topics.names.NOTIFICATIONS_TOPIC)
    const before = processor.cpuMs()
    const growth = watchGrowth(admin, topics, records, from)
    await fillTopic(kafka.kafka, topics.names.DATA_TOPIC, { partitions: PARTITIONS, records, from: known })
    known += records
    const { perSecond } = await growth
    return { perSecond, cpuUs: ((processor.cpuMs() - before) * 1_000) / records }
  }

  await classify(ids)
  return { classify: () => classify(ADDED), residentMiB: processor.residentMiB, end: () => processor.end() }
}

export const manyIds: Comparison = {
  name: 'many-ids',
  measured: 'a processor with as many known ids as are drained',
  baseline: `one with ${FEW.toLocaleString('en')}`,
  shown: { perSecond: 'records/s', cpuUs: 'CPU µs each', residentMiB: 'MiB' },
  ratios: [
    { figure: 'perSecond', title: 'records/s', better: 'more', target: 0.8 },
    { figure: 'cpuUs', title: 'CPU each', better: 'less', target: undefined },
  ],
  async prepare(site) {
    const { kafka } = await site.cluster(1)
    const admin = kafka.admin()
    await admin.connect()
    const many = await startExperienced(site, admin, site.records)
    const few = await startExperienced(site, admin, FEW)
    const measure = (side: typeof many) => async () => ({
      ...(await side.classify()),
      residentMiB: side.residentMiB(),
    })
    return {
      round: inTurn(measure(many), measure(few)),
      async end() {
        await Promise.all([many.end(), few.end()])
        await admin.disconnect()
      },
    }
  },
}

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { freePorts } from '../../deploy/ports.ts'
import { compose } from '../../test/read-compose.ts'
import { program } from '../program.ts'
import { startService } from '../start-service.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { prepareDrain, watchGrowth } from './drain.ts'
import { fillTopic } from './fill-topic.ts'

const PARTITIONS = 6

/** What Bun tells its garbage collector in a container with the limit that compose gives a processor. */
const limited = {
  BUN_JSC_forceRAMSize: String(compose.services['processor-1']?.deploy.resources.limits.memory),
}

const sides = { ours: 'a processor in the memory that compose gives it', theirs: 'in all of the machine' }
const ratios = [
  { figure: 'peakMiB', title: 'memory at its peak', better: 'less', reach: 0.9 },
  { figure: 'cpuUs', title: 'CPU each', better: 'less', reach: 1.25 },
] as const

export const limitedDrain: Comparison = {
  name: 'limited-drain',
  ...sides,
  shown: { peakMiB: 'MiB at its peak', perSecond: 'records/s', cpuUs: 'CPU µs each' },
  ratios,
  prepare: (site) => prepareDrain(site, { settings: limited }, {}),
}

export const newView: Comparison = {
  name: 'new-view',
  ...sides,
  shown: { peakMiB: 'MiB at its peak', seconds: 'to ready, s', cpuUs: 'CPU µs each' },
  ratios,
  async prepare({ cluster, records, folder }) {
    const { brokers, kafka, createTopics } = await cluster(1)
    const topics = await createTopics(PARTITIONS)
    const run = randomUUID().slice(0, 8)

    async function start(settings: Record<string, string>) {
      const [port = 0] = await freePorts(1)
      return startService({
        command: program('processor/main.ts'),
        port,
        env: {
          ...topics.names,
          ...settings,
          KAFKA_BROKERS: brokers.join(','),
          GROUP_ID: `bench-${run}`,
          VIEW_FILE: join(folder, run, `${port}.db`),
        },
        role: 'product',
      })
    }

    async function measure(settings: Record<string, string>): Promise<Figures> {
      const startedAt = performance.now()
      const processor = await start(settings)
      const seconds = (performance.now() - startedAt) / 1_000
      const figures = { seconds, peakMiB: processor.peakMiB(), cpuUs: (processor.cpuMs() * 1_000) / records }
      await processor.stop()
      return figures
    }

    await fillTopic(kafka, topics.names.DATA_TOPIC, { partitions: PARTITIONS, records })
    const first = await start({})
    const admin = kafka.admin()
    await admin.connect()
    await watchGrowth(admin, topics, records)
    await admin.disconnect()
    await first.stop()
    return {
      round: inTurn(
        () => measure(limited),
        () => measure({}),
      ),
      end: topics.remove,
    }
  },
}

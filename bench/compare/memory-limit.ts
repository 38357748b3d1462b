import { memoryLimit } from '../../test/memory-limit.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { prepareDrain, watchGrowth } from './drain.ts'
import { fillTopic } from './fill-topic.ts'
import { startProcessor } from './start-processor.ts'

const PARTITIONS = 6

const limited = memoryLimit('processor')
const sides = {
  measured: 'a processor with the memory limit of docker-compose.yml',
  baseline: 'without a limit',
}
const ratios = [
  { figure: 'peakMiB', title: 'memory at its peak', better: 'less', target: 0.9 },
  { figure: 'cpuUs', title: 'CPU each', better: 'less', target: 1.25 },
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
    const one = await cluster(1)
    const topics = await one.createTopics(PARTITIONS)

    async function measure(settings = {}): Promise<Figures> {
      const startedAt = performance.now()
      const processor = await startProcessor(one, topics, folder, settings)
      const seconds = (performance.now() - startedAt) / 1_000
      const figures = { seconds, peakMiB: processor.peakMiB(), cpuUs: (processor.cpuMs() * 1_000) / records }
      await processor.stop()
      return figures
    }

    await fillTopic(one.kafka, topics.names.DATA_TOPIC, { partitions: PARTITIONS, records })
    const first = await startProcessor(one, topics, folder)
    const admin = one.kafka.admin()
    await admin.connect()
    await watchGrowth(admin, topics, records)
    await admin.disconnect()
    await first.stop()
    return {
      round: inTurn(
        () => measure(limited),
        () => measure(),
      ),
      end: topics.remove,
    }
  },
}

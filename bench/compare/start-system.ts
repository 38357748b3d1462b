import { freePorts } from '../../deploy/ports.ts'
import { program } from '../program.ts'
import { startService } from '../start-service.ts'
import type { BuildProgram } from '../tools/older-build.ts'
import type { BenchSite } from './site.ts'
import { startProcessor } from './start-processor.ts'

const PARTITIONS = 6

interface SystemSettings {
  gateway?: Record<string, string>
  processor?: Record<string, string>
  build?: BuildProgram
}

/** Starts the smallest complete system: one broker, one gateway and one processor. */
export async function startSystem(
  { cluster, folder }: BenchSite,
  { build = program, ...settings }: SystemSettings = {},
) {
  const one = await cluster(1)
  const topics = await one.createTopics(PARTITIONS)
  const processor = await startProcessor(one, topics, folder, settings.processor, build)
  const [port = 0] = await freePorts(1)
  const gateway = await startService({
    command: build('gateway/main.ts'),
    port,
    env: {
      ...topics.names,
      KAFKA_BROKERS: one.brokers.join(','),
      PROCESSOR_URLS: processor.url,
      ...settings.gateway,
    },
    role: 'product',
  })
  return {
    url: gateway.url,
    cpuMs: () => ({ gateway: gateway.cpuMs(), processor: processor.cpuMs(), broker: one.cpuMs() }),
    residentMiB: () => ({
      gateway: gateway.residentMiB(),
      processor: processor.residentMiB(),
      broker: one.residentMiB(),
    }),
    async end() {
      await gateway.stop()
      await processor.end()
    },
  }
}

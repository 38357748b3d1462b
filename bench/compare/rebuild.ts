import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../program.ts'
import type { BuildProgram } from '../tools/older-build.ts'
import type { Figures } from './comparison.ts'
import { watchGrowth } from './drain.ts'
import { eventIdOf, fillTopic } from './fill-topic.ts'
import type { BenchSite } from './site.ts'
import { startProcessor } from './start-processor.ts'

const PARTITIONS = 6
const SOUGHT = 1_000

/** Fills Notifications with the outcomes of a build, from which its processors recreate their read models. */
export async function prepareRebuild({ cluster, records, folder }: BenchSite, build: BuildProgram = program) {
  const one = await cluster(1)
  const topics = await one.createTopics(PARTITIONS)
  const start = (settings = {}) => startProcessor(one, topics, folder, settings, build)

  async function measure(settings: Record<string, string> = {}): Promise<Figures> {
    const startedAt = performance.now()
    const processor = await start(settings)
    const figures = {
      seconds: (performance.now() - startedAt) / 1_000,
      peakMiB: processor.peakMiB(),
      cpuUs: (processor.cpuMs() * 1_000) / records,
    }
    const missing = await countMissing(processor.url, records)
    await processor.stop()
    const fileBytes = bytesIn(processor.readModelFolder) / records
    rmSync(processor.readModelFolder, { recursive: true })
    return { ...figures, fileBytes, missing }
  }

  await fillTopic(one.kafka, topics.names.DATA_TOPIC, { partitions: PARTITIONS, records })
  const first = await start()
  const admin = one.kafka.admin()
  await admin.connect()
  await watchGrowth(admin, topics, records)
  await admin.disconnect()
  await first.stop()
  rmSync(first.readModelFolder, { recursive: true })
  return { measure, end: topics.remove }
}

/** How many of some events, spread over all of them up to the last one, a processor does not find. */
async function countMissing(url: string, records: number): Promise<number> {
  const numbers = Array.from(
    { length: SOUGHT },
    (_, index) => Math.floor(((index + 1) * records) / SOUGHT) - 1,
  )
  let missing = 0
  for (const number of numbers) {
    const answer = await fetch(`${url}/checkout/${eventIdOf(number)}`)
    await answer.arrayBuffer()
    if (!answer.ok) missing++
  }
  return missing
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

import { randomUUID } from 'node:crypto'
import { basename, join } from 'node:path'
import { freePorts } from '../../deploy/ports.ts'
import { program } from '../program.ts'
import { startService } from '../start-service.ts'
import type { BuildProgram } from '../tools/older-build.ts'
import type { BenchTopics, Cluster } from './site.ts'

/**
 * A processor with its own group and read model; its topics are removed when it ends, not when it is stopped.
 */
export async function startProcessor(
  { brokers }: Cluster,
  { names, remove }: BenchTopics,
  folder: string,
  settings: Record<string, string> = {},
  build: BuildProgram = program,
) {
  const [port = 0] = await freePorts(1)
  const readModelFolder = join(folder, randomUUID().slice(0, 8))
  const env = {
    ...names,
    KAFKA_BROKERS: brokers.join(','),
    GROUP_ID: `bench-${basename(readModelFolder)}`,
    VIEW_FILE: join(readModelFolder, 'view.db'),
    ...settings,
  }
  const service = await startService({ command: build('processor/main.ts'), port, env, role: 'product' })
  return {
    ...service,
    port,
    readModelFolder,
    async end() {
      await service.stop()
      await remove()
    },
  }
}

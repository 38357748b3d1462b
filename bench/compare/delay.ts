import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { freePorts } from '../../deploy/ports.ts'
import { runToEnd } from '../children.ts'
import { startService } from '../start-service.ts'
import { timeLimit } from '../tools/load-tool.ts'
import type { Comparison, Figures } from './comparison.ts'
import type { BenchSite } from './site.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PARTITIONS = 6
const RATE = 500
const WARM_UP_SECONDS = 5

const trend = z.object({ med: z.number(), 'p(99)': z.number() })
const count = z.object({ count: z.number() })
const summarySchema = z.object({
  metrics: z.object({
    http_req_duration: trend,
    notification_delay: trend,
    iterations: count,
    lost: count,
    duplicated: count,
    wrong: count,
  }),
})

const figuresOf = ({ med, ...rest }: z.infer<typeof trend>) => ({ p50: med, p99: rest['p(99)'] })

/** In one run of the load generator, which follows every checkout to its outcome on the event stream. */
async function measureDelays(
  url: string,
  seconds: number,
  folder: string,
): Promise<{ outcome: Figures; acknowledgement: Figures }> {
  const file = join(folder, `${randomUUID()}.json`)
  const load = ['--target', url, '--rate', String(RATE), '--duration', `${seconds}s`, '--workers', '1']
  const command = [process.execPath, join(root, 'loadgen/main.ts'), ...load]
  await runToEnd([...command, '--quiet', '--summary-export', file], timeLimit(seconds) + 30_000)
  const { metrics } = summarySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const audit = {
    perSecond: metrics.iterations.count / seconds,
    lost: metrics.lost.count,
    doubled: metrics.duplicated.count,
    wrong: metrics.wrong.count,
  }
  return {
    outcome: { ...figuresOf(metrics.notification_delay), ...audit },
    acknowledgement: figuresOf(metrics.http_req_duration),
  }
}

async function startSystem({ cluster, folder }: BenchSite) {
  const { brokers, createTopics } = await cluster(1)
  const { names, remove } = await createTopics(PARTITIONS)
  const [gatewayPort = 0, processorPort = 0] = await freePorts(2)
  const run = randomUUID().slice(0, 8)
  const env = {
    ...names,
    KAFKA_BROKERS: brokers.join(','),
    GROUP_ID: `bench-${run}`,
    VIEW_FILE: join(folder, run, 'view.db'),
    PROCESSOR_URLS: `http://127.0.0.1:${processorPort}`,
  }
  const start = (part: string, port: number) =>
    startService({ command: [process.execPath, join(root, part, 'main.ts')], port, env, role: 'product' })
  const processor = await start('processor', processorPort)
  const gateway = await start('gateway', gatewayPort)
  return {
    url: gateway.url,
    async end() {
      await gateway.stop()
      await processor.stop()
      await remove()
    },
  }
}

export const delay: Comparison = {
  name: 'delay',
  ours: `from POST to the outcome on the event stream, at ${RATE}/s`,
  theirs: 'from POST to its 202, in the same run',
  shown: {
    p50: 'p50, ms',
    p99: 'p99, ms',
    perSecond: 'checkouts/s',
    lost: 'lost',
    doubled: 'doubled',
    wrong: 'wrong',
  },
  ratios: [
    { figure: 'p50', title: 'p50', better: 'less', reach: undefined },
    { figure: 'p99', title: 'p99', better: 'less', reach: 4 },
  ],
  async prepare(site) {
    const { seconds, folder } = site
    const system = await startSystem(site)
    await measureDelays(system.url, WARM_UP_SECONDS, folder)
    // Both sides of a pair come of one run, whichever is asked for first.
    let other: ReturnType<typeof measureDelays> | undefined
    const sameRun = () => {
      const run = other ?? measureDelays(system.url, seconds, folder)
      other = other ? undefined : run
      return run
    }
    return {
      ours: async () => (await sameRun()).outcome,
      theirs: async () => (await sameRun()).acknowledgement,
      end: () => system.end(),
    }
  },
}

import { freePorts } from '../../deploy/ports.ts'
import { startService } from '../start-service.ts'
import { createLoadgen } from '../tools/loadgen.ts'
import type { BuildProgram } from '../tools/older-build.ts'
import { startDistantBrokers } from './distant-brokers.ts'
import type { ReplicationSetting } from './settings.ts'

const WARM_UP_SECONDS = 5

/** A gateway of one build with one setting. */
export interface Run {
  name: string
  setting: ReplicationSetting
  build: BuildProgram
}

export interface Load {
  rate: number
  seconds: number
  delaysMs: readonly number[]
  /** The order of the runs at each delay. */
  shuffle: (runs: readonly Run[]) => Run[]
}

export interface Measured {
  run: string
  delayMs: number
  p50: number
  p99: number
  /** Cores that the brokers use together. */
  brokersCpu: number
}

/** Measures runs of one cluster, one after the other at each delay: their gateways wait while another has load. */
export async function measureCluster(
  runs: readonly Run[],
  { rate, seconds, delaysMs, shuffle }: Load,
): Promise<Measured[]> {
  const [first] = runs
  if (first === undefined) return []
  const brokers = await startDistantBrokers(first.setting.cluster)
  const topics = new Map(runs.map(({ setting }) => [setting.name, setting.topic]))
  for (const [name, topic] of topics) await brokers.createTopic(name, topic)
  const ports = await freePorts(runs.length)
  const gateways = await Promise.all(
    runs.map(({ setting, build }, index) =>
      startService({
        command: build('gateway/main.ts'),
        port: ports[index] ?? 0,
        env: {
          KAFKA_BROKERS: brokers.bootstrap.join(','),
          DATA_TOPIC: setting.name,
          PARTITIONS: String(setting.topic.partitions),
        },
        role: 'product',
      }),
    ),
  )
  const tool = createLoadgen('acknowledgements', ['--rate', String(rate), '--workers', '1'])
  const urlOf = (run: Run) => gateways[runs.indexOf(run)]?.url ?? ''

  async function measure(run: Run, delayMs: number): Promise<Measured> {
    const before = brokers.cpuMs()
    const { latency, refused, dropped } = await tool.run(urlOf(run), seconds)
    const brokersCpu = (brokers.cpuMs() - before) / 1_000 / seconds
    if (refused + dropped > 0) console.error(`${run.name}: ${refused} refused, ${dropped} not sent in time`)
    return { run: run.name, delayMs, p50: latency.p50, p99: latency.p99, brokersCpu }
  }

  const measured: Measured[] = []
  try {
    for (const run of runs) await tool.run(urlOf(run), WARM_UP_SECONDS)
    for (const delayMs of delaysMs) {
      await brokers.delay(delayMs)
      for (const run of shuffle(runs)) measured.push(await measure(run, delayMs))
    }
    return measured
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await brokers.end()
  }
}

import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import { expect, vi } from 'vitest'
import { type Child, createChild } from '../deploy/child.ts'
import { freePorts } from '../deploy/ports.ts'
import { startWatchdog } from '../deploy/watchdog.ts'
import { otherLinesIn } from './log-lines.ts'
import { onOwnVolume } from './own-volume.ts'
import { personalLinesIn } from './personal-data.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** One process of the product, started as the launcher starts it. */
export interface Instance {
  url: string
  child: Child
  ready(): Promise<void>
  log(): string
}

export interface TestTopics {
  data: string
  notifications: string
  deadLetter: string
  followUp: string
  figures: string
  history: string
  layout: string
}

export interface SystemOptions {
  brokers: string[]
  processors?: number
  /** Processors that serve no results; gateways do not know them. */
  classifiers?: number
  gateways?: number
  /** Instead of topics of its own. */
  topics?: TestTopics
  /** Added to the environment of every process. */
  settings?: Record<string, string>
  /** Each processor's folder is a volume of its own of this size. */
  volumeMiB?: number | undefined
}

/** Gateways and processors on a running Kafka, with their own topics, group and folders. */
export async function startSystem({
  brokers,
  processors = 0,
  classifiers = 0,
  gateways = 0,
  topics: givenTopics,
  settings = {},
  volumeMiB,
}: SystemOptions) {
  const run = randomUUID().slice(0, 8)
  const folder = mkdtempSync(join(tmpdir(), 'checkout-test-'))
  const watchdog = startWatchdog(folder)
  const topics = givenTopics ?? {
    data: `DataTopic-${run}`,
    notifications: `Notifications-${run}`,
    deadLetter: `DeadLetter-${run}`,
    followUp: `FollowUp-${run}`,
    figures: `Figures-${run}`,
    history: `History-${run}`,
    layout: `Layout-${run}`,
  }
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
  const ports = await freePorts(processors + gateways + classifiers)
  const url = (index: number) => `http://127.0.0.1:${ports[index]}`
  const processorUrls = Array.from({ length: processors }, (_, i) => url(i))

  const environment: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    KAFKA_BROKERS: brokers.join(','),
    DATA_TOPIC: topics.data,
    NOTIFICATIONS_TOPIC: topics.notifications,
    DEAD_LETTER_TOPIC: topics.deadLetter,
    FOLLOW_UP_TOPIC: topics.followUp,
    FIGURES_TOPIC: topics.figures,
    HISTORY_TOPIC: topics.history,
    LAYOUT_TOPIC: topics.layout,
    GROUP_ID: `processor-${run}`,
    PROCESSOR_URLS: processorUrls.join(','),
    ...settings,
  }

  function instance(
    role: 'gateway' | 'processor',
    name: string,
    index: number,
    own: NodeJS.ProcessEnv = {},
  ): Instance {
    const logFile = join(folder, `${name}.log`)
    const env = {
      ...environment,
      INSTANCE: name,
      PORT: String(ports[index]),
      VIEW_FILE: join(folder, name, 'view.db'),
      ...own,
    }
    const program: [string, string] = [process.execPath, join(root, role, 'main.ts')]
    const isOnVolume = role === 'processor' && volumeMiB !== undefined
    const [command, ...args] = isOnVolume ? onOwnVolume(join(folder, name), volumeMiB, program) : program
    const child = createChild({ name, stage: role, command, args, env, logFile, watchdog })
    const ready = () =>
      vi.waitFor(
        async () => {
          const response = await fetch(`${url(index)}/health/ready`)
          if (!response.ok) throw new Error(`${name} is not ready: ${await response.text()}`)
        },
        { timeout: 90_000, interval: 100 },
      )
    return { url: url(index), child, ready, log: () => readFileSync(logFile, 'utf8') }
  }

  const instances = {
    processors: processorUrls.map((_, i) => instance('processor', `processor-${i + 1}`, i)),
    gateways: Array.from({ length: gateways }, (_, i) =>
      instance('gateway', `gateway-${i + 1}`, processors + i),
    ),
    classifiers: Array.from({ length: classifiers }, (_, i) =>
      instance('processor', `classifier-${i + 1}`, processors + gateways + i, { SERVE_RESULTS: 'false' }),
    ),
  }
  const all = Object.values(instances).flat()
  for (const { child } of all) child.start()
  await Promise.all(all.map((started) => started.ready()))

  return {
    ...instances,
    kafka,
    brokers,
    topics,
    groupId: `processor-${run}`,
    folder,

    async produce<Result>(work: (producer: Producer) => Promise<Result>): Promise<Result> {
      const producer = kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
      })
      await producer.connect()
      try {
        return await work(producer)
      } finally {
        await producer.disconnect()
      }
    },

    async stop(): Promise<void> {
      await watchdog.drain()
      const admin = kafka.admin()
      await admin.connect()
      const existing = await admin.listTopics()
      await admin.deleteTopics({ topics: Object.values(topics).filter((topic) => existing.includes(topic)) })
      await admin.disconnect()
      const [personal, others] = [personalLinesIn(folder), otherLinesIn(folder)]
      rmSync(folder, { recursive: true, force: true })
      expect(personal).toEqual([])
      expect(others).toEqual([])
    },
  }
}

export type TestSystem = Awaited<ReturnType<typeof startSystem>>

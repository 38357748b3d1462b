import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../deploy/watchdog.ts'

declare module 'vitest' {
  interface ProvidedContext {
    kafkaBrokers: string[]
  }
}

/** One Kafka for the whole test run, or the one that TEST_KAFKA_BROKERS names. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env['TEST_KAFKA_BROKERS']
  if (running) {
    project.provide('kafkaBrokers', running.split(','))
    return undefined
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'cyberday-kafka-'))
  const watchdog = startWatchdog(dataDir)
  const kafka = await startKafka({ dataDir, brokers: 1, watchdog, log: console.error })
  project.provide('kafkaBrokers', kafka.bootstrap)
  return async () => {
    await watchdog.drain()
    rmSync(dataDir, { recursive: true })
  }
}

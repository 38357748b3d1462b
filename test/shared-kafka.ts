import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { isGuarded, startWatchdog } from '../deploy/watchdog.ts'

declare module 'vitest' {
  interface ProvidedContext {
    kafkaBrokers: string[]
  }
}

const prefix = 'cyberday-kafka-'
const BROKERS = 'TEST_KAFKA_BROKERS'

/** One Kafka for the whole test run, or the one in TEST_KAFKA_BROKERS. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env[BROKERS]
  if (running) {
    project.provide('kafkaBrokers', running.split(','))
    return undefined
  }
  removeLeftovers()
  const dataDir = mkdtempSync(join(tmpdir(), prefix))
  const watchdog = startWatchdog(dataDir)
  const kafka = await startKafka({ dataDir, brokers: 1, watchdog, log: console.error })
  // Each of vitest's projects calls this, one after another.
  process.env[BROKERS] = kafka.bootstrap.join(',')
  project.provide('kafkaBrokers', kafka.bootstrap)
  return async () => {
    await watchdog.drain()
    rmSync(dataDir, { recursive: true })
  }
}

/** The data of interrupted runs: their Kafka has ended without removing it. */
function removeLeftovers() {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    if (!isGuarded(folder)) rmSync(folder, { recursive: true, force: true })
  }
}

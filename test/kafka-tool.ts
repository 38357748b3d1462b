import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const libs = fileURLToPath(new URL('../deploy/kafka/libs', import.meta.url))

/** The command line of one of Kafka's own tools, from the jars of the brokers. */
export function kafkaTool(mainClass: string): [command: string, ...args: string[]] {
  const jars = readdirSync(libs).find((name) => !name.startsWith('partial')) ?? ''
  return ['java', '-cp', join(libs, jars, '*'), mainClass]
}

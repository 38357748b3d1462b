import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const libs = fileURLToPath(new URL('../deploy/kafka/libs', import.meta.url))

/** The command line of one of Kafka's own tools, from the jars that the brokers run from. */
export function kafkaTool(mainClass: string): [command: string, ...args: string[]] {
  const jars = readdirSync(libs).find((name) => !name.startsWith('partial')) ?? ''
  return ['java', '-cp', join(libs, jars, '*'), mainClass]
}

/** As {@link kafkaTool}, for a tool that runs for a few seconds: Java starts with half the processor time. */
export function shortKafkaTool(mainClass: string): [command: string, ...args: string[]] {
  const [java, ...args] = kafkaTool(mainClass)
  const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dorg.apache.logging.log4j.level=OFF']
  return [java, ...flags, ...args]
}

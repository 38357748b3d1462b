import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const libs = fileURLToPath(new URL('../deploy/kafka/libs', import.meta.url))

// Like a broker's (deploy/kafka/jvm-flags.ts), whose archive has most classes of a tool.
const FAST_START = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const QUIET = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off', '-Dorg.apache.logging.log4j.level=OFF']

/** The command line of one of Kafka's own tools, from the jars that the brokers run from. */
export function kafkaTool(mainClass: string): [command: string, ...args: string[]] {
  return ['java', '-cp', join(jarFolder(), '*'), mainClass]
}

/** As {@link kafkaTool}, for a tool that runs for seconds: it starts with less than half of the processor time. */
export function shortKafkaTool(mainClass: string): [command: string, ...args: string[]] {
  const [java, ...args] = kafkaTool(mainClass)
  const folder = jarFolder()
  const archive = readdirSync(folder).find((name) => name.endsWith('.jsa'))
  const shared = archive === undefined ? [] : [`-XX:SharedArchiveFile=${join(folder, archive)}`]
  return [java, ...FAST_START, ...shared, ...QUIET, ...args]
}

const jarFolder = (): string =>
  join(libs, readdirSync(libs).find((name) => !name.startsWith('partial')) ?? '')

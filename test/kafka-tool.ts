import { readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findJava } from '../deploy/kafka/java.ts'
import { toolFlags } from '../deploy/kafka/jvm-flags.ts'

const libs = fileURLToPath(new URL('../deploy/kafka/libs', import.meta.url))
// The log of the tool would mix with its output.
const QUIET = '-Dorg.apache.logging.log4j.level=OFF'

/** The command line of one of Kafka's own tools, from the jars of the brokers. */
export function kafkaTool(mainClass: string): [command: string, ...args: string[]] {
  return ['java', '-cp', join(jarFolder(), '*'), mainClass]
}

/**
 * Like {@link kafkaTool}, for a tool that runs for seconds: it starts in less than half of the CPU time. `classes`: a
 * folder with classes that are not Kafka's.
 */
export function shortKafkaTool(
  mainClass: string,
  ...classes: string[]
): [command: string, ...args: string[]] {
  const java = findJava()
  const jars = jarFolder()
  const classPath = [join(jars, '*'), ...classes].join(delimiter)
  return [java.command, ...toolFlags(jars, java), QUIET, '-cp', classPath, mainClass]
}

export const jarFolder = (): string =>
  join(libs, readdirSync(libs).find((name) => !name.startsWith('partial')) ?? '')

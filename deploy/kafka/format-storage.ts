import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ignoreSystemErrors } from '../ignore-system-errors.ts'
import { LaunchError } from '../launch-error.ts'
import { replaceFile } from '../replace-file.ts'
import type { Watchdog } from '../watchdog.ts'
import { type Java, javaEnvironment } from './java.ts'
import { toolFlags } from './jvm-flags.ts'
import { newUuid } from './kafka-uuid.ts'

interface Storage {
  java: Java
  jars: string
  clusterId: string
  nodeId: number
  propertiesFile: string
  dataDir: string
  watchdog: Watchdog
}

/** Written last: a folder with it is prepared. */
const MARKER = 'meta.properties'
/**
 * The features that a new cluster begins with (KIP-778). They follow from Kafka's version alone, as long as
 * `controller.quorum.voters` names the voters, so that the first folder's file serves for all later ones.
 */
const FEATURES = 'bootstrap.checkpoint'

/**
 * Prepares a broker's empty data folder; one that is prepared already is left as it is. Kafka's tool does it once for each
 * version: it takes half a second, a third of a broker's start.
 */
export async function formatStorage(storage: Storage): Promise<void> {
  const { jars, dataDir } = storage
  if (existsSync(join(dataDir, MARKER))) return
  const known = join(jars, FEATURES)
  if (existsSync(known)) return prepare(storage, known)
  await runTool(storage)
  // Whole or not at all: another launcher may be about to read it. In a folder that is read-only the tool runs each time.
  ignoreSystemErrors(() => replaceFile(known, readFileSync(join(dataDir, FEATURES))))
}

/** Writes what the tool would (KIP-631; KIP-858 for the id of the directory). */
function prepare({ clusterId, nodeId, dataDir }: Storage, features: string): void {
  copyFileSync(features, join(dataDir, FEATURES))
  const properties = { version: 1, 'cluster.id': clusterId, 'node.id': nodeId, 'directory.id': newUuid() }
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`)
  replaceFile(join(dataDir, MARKER), lines.join(''))
}

async function runTool({ java, jars, clusterId, propertiesFile, dataDir, watchdog }: Storage): Promise<void> {
  const jvm = [...toolFlags(jars, java), '-cp', join(jars, '*')]
  const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', propertiesFile]
  const formatter = watchdog.spawn('kafka', java.command, [...jvm, ...tool], {
    env: javaEnvironment(),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const errors: string[] = []
  formatter.stdout?.resume()
  formatter.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const [code] = await once(formatter, 'close')
  if (code !== 0) throw new LaunchError(`Kafka cannot prepare ${dataDir}: ${errors.join('').trim()}`)
}

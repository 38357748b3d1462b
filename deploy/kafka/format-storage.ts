import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LaunchError } from '../launch-error.ts'
import type { Watchdog } from '../watchdog.ts'
import { type Java, javaEnvironment } from './java.ts'
import { toolFlags } from './jvm-flags.ts'

interface Storage {
  java: Java
  jars: string
  clusterId: string
  propertiesFile: string
  dataDir: string
  watchdog: Watchdog
}

/** Prepares a broker's empty data folder; one that is prepared already is left as it is. */
export async function formatStorage(storage: Storage): Promise<void> {
  const { java, jars, clusterId, propertiesFile, dataDir, watchdog } = storage
  if (existsSync(join(dataDir, 'meta.properties'))) return
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

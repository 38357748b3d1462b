import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, createChild } from '../../deploy/child.ts'
import { fetchJars } from '../../deploy/fetch-jars.ts'
import { findJava, javaEnvironment } from '../../deploy/kafka/java.ts'
import type { Watchdog } from '../../deploy/watchdog.ts'

const SHIPPED = fileURLToPath(new URL('../../deploy/sites/mirror.properties', import.meta.url))
const GUIDE = fileURLToPath(new URL('../../docs/guides/two-sites.md', import.meta.url))
const logging = new URL('../../deploy/kafka/log4j2.properties', import.meta.url)
const LEAN = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

interface MirrorOptions {
  folder: string
  /** Brokers of the two sites, from which it copies and to which. */
  from: readonly string[]
  to: readonly string[]
  /** From the cloud to the premises. */
  isBack?: boolean
  watchdog: Watchdog
}

/** MirrorMaker with the configuration that the project ships, between two clusters of one broker each. */
export async function createMirrorMaker({ folder, from, to, isBack = false, watchdog }: MirrorOptions) {
  const jars = await fetchJars(
    { name: 'MirrorMaker', about: '60 MB, once', folder: fileURLToPath(new URL('.', import.meta.url)) },
    watchdog,
    console.error,
  )
  const [source, target] = isBack ? ['cloud', 'onprem'] : ['onprem', 'cloud']
  const name = `mirror-to-${target}`
  const file = join(folder, `${name}.properties`)
  const logFile = join(folder, `${name}.log`)
  const ofThisTest = {
    [`${source}.bootstrap.servers`]: from.join(','),
    [`${target}.bootstrap.servers`]: to.join(','),
    'replication.factor': '1',
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
    'heartbeats.topic.replication.factor': '1',
    // It starts in half of the time.
    'plugin.discovery': 'service_load',
    [`${target}.plugin.discovery`]: 'service_load',
  }
  const child: Child = createChild({
    name,
    stage: 'processor',
    command: findJava().command,
    args: [
      ...LEAN,
      `-Dlog4j2.configurationFile=${logging.href}`,
      `-Dkafka.log=${logFile}`,
      '-cp',
      join(jars, '*'),
      'org.apache.kafka.connect.mirror.MirrorMaker',
      file,
    ],
    env: javaEnvironment(),
    logFile,
    outputFile: join(folder, `${name}.out`),
    watchdog,
  })

  return {
    /** `topics`: instead of those of the file. */
    start(topics?: string): void {
      const own =
        topics === undefined ? ofThisTest : { ...ofThisTest, [`${source}->${target}.topics`]: topics }
      const lines = Object.entries(own).map(([setting, value]) => `${setting} = ${value}\n`)
      // Of two lines with the same name, the last one counts.
      writeFileSync(file, [isBack ? swapped() : readFileSync(SHIPPED, 'utf8'), ...lines].join('\n'))
      child.start()
    },
    stop: (signal: NodeJS.Signals) => child.kill(signal),
    /** Nothing is copied any more, as if the link to the other site was lost. */
    freeze(): void {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGSTOP')
    },
    stopFrozen(): Promise<void> {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGCONT')
      return child.kill('SIGTERM')
    },
    log: () => readFileSync(logFile, 'utf8'),
  }
}

/** What the command of the guide makes of the file: the names of the sites are swapped. */
function swapped(): string {
  const [, command] =
    /^ *(sed [^>]*mirror\.properties) > back\.properties$/m.exec(readFileSync(GUIDE, 'utf8')) ?? []
  if (command === undefined) throw new Error('the guide does not say how to copy in the other direction')
  return execFileSync('sh', ['-c', command], { cwd: dirname(SHIPPED), encoding: 'utf8' })
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchJars } from '../fetch-jars.ts'
import type { Watchdog } from '../watchdog.ts'
import { otherwise } from './java.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

export const kafkaVersion =
  /<kafka\.version>(.+?)</.exec(readFileSync(join(here, 'pom.xml'), 'utf8'))?.[1] ?? ''

/** The folder with Kafka's jars. */
export const ensureJars = (watchdog: Watchdog, log: (line: string) => void): Promise<string> =>
  fetchJars(
    {
      name: `Kafka ${kafkaVersion}`,
      about: '54 MB, once',
      folder: here,
      otherwise: `, ${otherwise}`,
    },
    watchdog,
    log,
  )

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { LaunchError } from '../launch-error.ts'

export const otherwise = 'or set KAFKA_BROKERS to a Kafka that is running already, or use `docker compose up`'

export interface Java {
  command: string
  version: string
}

/** Lets Java find files whatever letters their paths have: it uses the locale, which may be unset. */
export const javaEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C.UTF-8' })

/** Java 17 or newer, or one line on how to get it. */
export const findJava = (): Java => findJavaFor('Kafka', 17, `install a JRE, ${otherwise}`)

/** Java of this major version or newer. Throws {@link LaunchError} that says who needs it, and what to do. */
export function findJavaFor(who: string, oldest: number, advice: string): Java {
  const home = process.env['JAVA_HOME']
  const command = home ? join(home, 'bin', 'java') : 'java'
  const { status, stderr } = spawnSync(command, ['-version'], { encoding: 'utf8' })
  const version = status === 0 ? /version "(.+?)"/.exec(stderr)?.[1] : undefined
  if (version === undefined || majorVersion(version) < oldest) {
    const found = version === undefined ? `there is no ${command}` : `${command} is Java ${version}`
    throw new LaunchError(`${who} needs Java ${oldest} or newer, and ${found}: ${advice}`)
  }
  return { command, version }
}

export function majorVersion(version: string): number {
  const [first, second] = version.split('.')
  // Until Java 8 the first number was always 1.
  return Number.parseInt((first === '1' ? second : first) ?? '', 10)
}

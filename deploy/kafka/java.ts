import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { LaunchError } from '../launch-error.ts'

export const otherwise = 'or set KAFKA_BROKERS to a Kafka that is running already, or use `docker compose up`'

/** The command that runs Java 17 or newer, or one line on how to get it. */
export function findJava(): string {
  const home = process.env['JAVA_HOME']
  const java = home ? join(home, 'bin', 'java') : 'java'
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  const version = status === 0 ? majorVersion(stderr) : undefined
  if (version === undefined || version < 17) {
    const found = version === undefined ? `there is no ${java}` : `${java} is Java ${version}`
    throw new LaunchError(`Kafka needs Java 17 or newer, and ${found}: install a JRE, ${otherwise}`)
  }
  return java
}

export function majorVersion(banner: string): number | undefined {
  const [, major, minor] = /version "(\d+)(?:\.(\d+))?/.exec(banner) ?? []
  if (major === undefined) return undefined
  // Until Java 8 the first number was always 1.
  return Number(major === '1' ? minor : major)
}

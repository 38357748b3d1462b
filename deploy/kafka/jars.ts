import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isRunning } from '../is-running.ts'
import { LaunchError } from '../launch-error.ts'
import type { Watchdog } from '../watchdog.ts'
import { javaEnvironment, otherwise } from './java.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const pom = readFileSync(join(here, 'pom.xml'), 'utf8')
const libs = join(here, 'libs')

export const kafkaVersion = /<kafka\.version>(.+?)</.exec(pom)?.[1] ?? ''

/** The folder with Kafka's jars, fetched by Maven when this pom's are not there yet. */
export async function ensureJars(watchdog: Watchdog, log: (line: string) => void): Promise<string> {
  const folder = join(libs, createHash('sha256').update(pom).digest('hex').slice(0, 12))
  if (existsSync(folder)) return folder

  if (spawnSync('sh', ['-c', 'command -v mvn']).status !== 0) {
    throw new LaunchError(`Maven (mvn) is needed once, to fetch Kafka: install it, ${otherwise}`)
  }
  removeLeftovers()
  const partial = join(libs, `partial-${process.pid}`)
  mkdirSync(partial, { recursive: true })
  try {
    log(`fetching Kafka ${kafkaVersion} with Maven (54 MB, once)`)
    await copyDependencies(partial, watchdog, log)
    publish(partial, folder)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
  return folder
}

function publish(partial: string, folder: string) {
  try {
    renameSync(partial, folder)
  } catch (error) {
    // Another launcher was faster.
    if (!existsSync(folder)) throw error
  }
}

async function copyDependencies(folder: string, watchdog: Watchdog, log: (line: string) => void) {
  const args = ['-B', '-f', join(here, 'pom.xml'), 'dependency:copy-dependencies']
  const maven = watchdog.spawn(
    'kafka',
    'mvn',
    [...args, `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'],
    {
      env: javaEnvironment(),
      stdout: 'pipe',
      stderr: 'pipe',
    },
  )
  maven.stderr?.resume()
  const ended = once(maven, 'close')
  let fetched = 0
  let fault = ''
  const progress = setInterval(() => log(`fetching Kafka ${kafkaVersion}: ${fetched} files`), 2000)
  if (maven.stdout) {
    for await (const line of createInterface(maven.stdout)) {
      if (line.includes('Downloaded from')) fetched++
      if (line.includes('[ERROR]') && !fault) fault = line
    }
  }
  const [code] = await ended
  clearInterval(progress)
  if (code !== 0) {
    throw new LaunchError(
      `Maven could not fetch Kafka (${fault || `exit code ${code}`}): try again, ${otherwise}`,
    )
  }
}

/** Removes the folders of launchers that were killed while fetching; another one may be fetching now. */
function removeLeftovers() {
  const names = existsSync(libs) ? readdirSync(libs) : []
  for (const name of names.filter((n) => n.startsWith('partial-'))) {
    if (!isRunning(Number(name.slice('partial-'.length)))) rmSync(join(libs, name), { recursive: true })
  }
}

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isRunning } from './is-running.ts'
import { javaEnvironment } from './kafka/java.ts'
import { LaunchError } from './launch-error.ts'
import type { Watchdog } from './watchdog.ts'

interface Jars {
  /** What they are, in messages. */
  name: string
  /** Their size. */
  about: string
  /** Folder of `pom.xml`; they get into its folder `libs`. */
  folder: string
  /** What else can be done, if they cannot be fetched. */
  otherwise?: string
}

/** The folder with the jars that a pom names, fetched by Maven when they are not there yet. */
export async function fetchJars(
  jars: Jars,
  watchdog: Watchdog,
  log: (line: string) => void,
): Promise<string> {
  const { name, about, otherwise = '' } = jars
  const pom = readFileSync(join(jars.folder, 'pom.xml'), 'utf8')
  const libs = join(jars.folder, 'libs')
  const folder = join(libs, createHash('sha256').update(pom).digest('hex').slice(0, 12))
  if (existsSync(folder)) return folder

  if (spawnSync('sh', ['-c', 'command -v mvn']).status !== 0) {
    throw new LaunchError(`Maven (mvn) is needed once, to fetch ${name}: install it${otherwise}`)
  }
  removeLeftovers(libs)
  const partial = join(libs, `partial-${process.pid}`)
  mkdirSync(partial, { recursive: true })
  try {
    log(`fetching ${name} with Maven (${about})`)
    await copyDependencies(jars, partial, watchdog, log)
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

async function copyDependencies(
  { name, folder: source, otherwise = '' }: Jars,
  folder: string,
  watchdog: Watchdog,
  log: (line: string) => void,
) {
  const args = ['-B', '-f', join(source, 'pom.xml'), 'dependency:copy-dependencies']
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
  const progress = setInterval(() => log(`fetching ${name}: ${fetched} files`), 2000)
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
      `Maven could not fetch ${name} (${fault || `exit code ${code}`}): try again${otherwise}`,
    )
  }
}

/** Removes the folders of launchers that were killed while fetching; another one may be fetching now. */
function removeLeftovers(libs: string) {
  const names = existsSync(libs) ? readdirSync(libs) : []
  for (const name of names.filter((n) => n.startsWith('partial-'))) {
    if (!isRunning(Number(name.slice('partial-'.length)))) rmSync(join(libs, name), { recursive: true })
  }
}

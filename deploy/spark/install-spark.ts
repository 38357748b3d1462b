import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchJars } from '../fetch-jars.ts'
import { LaunchError } from '../launch-error.ts'
import type { Watchdog } from '../watchdog.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const requirements = readFileSync(join(here, 'requirements.txt'), 'utf8')

export const sparkVersion = /^pyspark==(\S+)$/m.exec(requirements)?.[1] ?? ''

export interface SparkInstallation {
  submit: string
  /** Environment of `submit`. */
  env: Record<string, string>
  /** Of the Kafka connector. */
  jars: string[]
}

/** Installs pyspark in a virtual environment, and the Kafka connector, when they are not there yet. */
export async function installSpark(
  watchdog: Watchdog,
  log: (line: string) => void,
): Promise<SparkInstallation> {
  const jars = await fetchJars(
    { name: 'the Kafka connector of Spark', about: '14 MB, once', folder: here },
    watchdog,
    log,
  )
  const environment = await ensurePython(watchdog, log)
  return {
    submit: join(environment, 'bin', 'spark-submit'),
    env: { PYSPARK_PYTHON: join(environment, 'bin', 'python') },
    jars: readdirSync(jars).map((jar) => join(jars, jar)),
  }
}

async function ensurePython(watchdog: Watchdog, log: (line: string) => void): Promise<string> {
  const version = createHash('sha256').update(requirements).digest('hex').slice(0, 12)
  const folder = resolve(here, 'libs', `python-${version}`)
  const isComplete = join(folder, 'complete')
  if (existsSync(isComplete)) return folder
  log(`installing pyspark ${sparkVersion} in a virtual environment (450 MB, once, about a minute)`)
  rmSync(folder, { recursive: true, force: true })
  const pip = `"$0/bin/python" -m pip install --quiet --disable-pip-version-check -r "$1"`
  const script = `python3 -m venv "$0" && ${pip} && touch "$0/complete"`
  const child = watchdog.spawn('processor', 'sh', ['-c', script, folder, join(here, 'requirements.txt')], {
    env: process.env,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  let fault = ''
  child.stdout?.resume()
  child.stderr?.on('data', (data: Buffer) => (fault += data.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) {
    throw new LaunchError(
      `pyspark could not be installed: Python 3.10 or newer with venv and pip is needed (${fault.trim()})`,
    )
  }
  return folder
}

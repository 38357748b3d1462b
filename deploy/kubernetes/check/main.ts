import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import { z } from 'zod'
import { LaunchError } from '../../launch-error.ts'
import { type Manifest, overlays, parseManifests, readOverlay } from '../read-overlay.ts'
import { customSchemas, kubernetesSchemas, SCHEMA_FILE, schemaFile } from './schemas.ts'
import { customResources, goTool, kubernetesApi } from './tools.ts'

const reportSchema = z.object({
  resources: z.array(
    z.object({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string().optional() }),
  ),
})
type Report = z.infer<typeof reportSchema>['resources']

/** The hash that kustomize adds to the names of generated config maps. */
const HASH = /(?<=\bcheckout)-[2456789bcdfghkmt]{10}\b/g

const nameOf = ({ kind, metadata: { name } }: Manifest): string => `${kind} ${name}`

function render(overlay: string): string {
  const { status, stdout, stderr } = goTool('kustomize', 'build', join('..', 'overlays', overlay))
  if (status === 0) return stdout
  throw new LaunchError(`kustomize cannot render ${overlay}: ${stderr}`)
}

/** What the tests read must be what kustomize renders. Returns the names of the manifests that differ. */
function differing(rendered: string, read: readonly Manifest[]): string[] {
  const local = parseManifests(rendered.replace(HASH, ''), 'kustomize')
  for (const { metadata } of local) delete metadata['namespace']
  const inKustomize = new Map(local.map((manifest) => [nameOf(manifest), manifest]))
  const inTests = new Map(read.map((manifest) => [nameOf(manifest), manifest]))
  const names = new Set([...inKustomize.keys(), ...inTests.keys()])
  return [...names].filter((name) => !isDeepStrictEqual(inKustomize.get(name), inTests.get(name)))
}

async function writeSchemas(folder: string): Promise<void> {
  const used = new Set(
    overlays.flatMap(readOverlay).map(({ kind, apiVersion }) => schemaFile(kind, apiVersion)),
  )
  const definitions = await customResources(folder, console.log)
  for (const schemas of [kubernetesSchemas(kubernetesApi()), ...definitions.map(customSchemas)])
    for (const [name, schema] of schemas)
      if (used.has(name)) writeFileSync(join(folder, name), JSON.stringify(schema))
}

function validate(folder: string, name: string, text: string): Report {
  const file = join(folder, `${name}.rendered.yaml`)
  writeFileSync(file, text)
  const location = ['-schema-location', join(folder, SCHEMA_FILE)]
  const { stdout, stderr } = goTool(
    'kubeconform',
    '-strict',
    '-verbose',
    '-output',
    'json',
    ...location,
    file,
  )
  try {
    return reportSchema.parse(JSON.parse(stdout)).resources
  } catch {
    throw new LaunchError(`kubeconform reports nothing about ${name}: ${stderr || stdout}`)
  }
}

/** Each manifest with a field that no schema has: the check itself is checked. */
const spoil = (manifests: readonly Manifest[]): string =>
  manifests
    .map((manifest) =>
      stringify(
        typeof manifest['spec'] === 'object'
          ? { ...manifest, spec: { ...manifest['spec'], unknownField: true } }
          : { ...manifest, unknownField: true },
      ),
    )
    .join('---\n')

const faultsIn = (report: Report, expected: string): string[] =>
  report
    .filter(({ status }) => status !== expected)
    .map(({ kind, name, status, msg }) => `${kind} ${name}: ${status} ${msg ?? ''}`)

async function check(folder: string): Promise<number> {
  await writeSchemas(folder)
  let faults = 0
  for (const overlay of overlays) {
    const rendered = render(overlay)
    const manifests = parseManifests(rendered, 'kustomize')
    const report = validate(folder, overlay, rendered)
    const found = [
      ...faultsIn(report, 'statusValid'),
      ...faultsIn(validate(folder, overlay, spoil(manifests)), 'statusInvalid').map(
        (fault) => `${fault}: a field that does not exist was not found`,
      ),
      ...differing(rendered, readOverlay(overlay)).map(
        (name) => `${name}: the tests read it otherwise than kustomize`,
      ),
    ]
    console.log(`${overlay}: ${report.length} manifests, ${found.length} faults`)
    for (const fault of found) console.log(`  ${fault}`)
    faults += found.length
  }
  return faults
}

const folder = mkdtempSync(join(tmpdir(), 'checkout-kubernetes-'))
try {
  process.exitCode = (await check(folder)) === 0 ? 0 : 1
} catch (error) {
  if (!(error instanceof LaunchError)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

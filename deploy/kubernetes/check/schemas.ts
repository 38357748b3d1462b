import { parse } from 'yaml'
import { z } from 'zod'
import { closeObjects } from './close-objects.ts'

/** By the name of the file in which kubeconform looks for the schema of a kind. */
export type Schemas = Map<string, unknown>

/** The parts of kubeconform's template for `-schema-location`; it only takes the first word of a group. */
export const SCHEMA_FILE = '{{ .ResourceKind }}{{ .KindSuffix }}.json'

/** `apiVersion` has no group for the kinds of the core. */
export function schemaFile(kind: string, apiVersion: string): string {
  const [version, group = ''] = apiVersion.split('/').toReversed()
  return `${[kind.toLowerCase(), group.split('.')[0], version].filter(Boolean).join('-')}.json`
}

const swaggerSchema = z.object({
  definitions: z.record(
    z.string(),
    z.looseObject({
      'x-kubernetes-group-version-kind': z
        .array(z.object({ group: z.string(), kind: z.string(), version: z.string() }))
        .optional(),
    }),
  ),
})

/** From the OpenAPI document of the Kubernetes API. A quantity is described as text, but may be a number. */
export function kubernetesSchemas(openApi: string): Schemas {
  const { definitions } = swaggerSchema.parse(JSON.parse(openApi))
  const closed = Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [
      name,
      name.endsWith('.Quantity') ? { type: ['number', 'string'] } : closeObjects(schema),
    ]),
  )
  return new Map(
    Object.entries(definitions).flatMap(([name, { 'x-kubernetes-group-version-kind': kinds = [] }]) =>
      kinds.map(({ kind, group, version }) => [
        schemaFile(kind, `${group}/${version}`),
        { $ref: `#/definitions/${name}`, definitions: closed },
      ]),
    ),
  )
}

const definitionSchema = z.object({
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(z.object({ name: z.string(), schema: z.object({ openAPIV3Schema: z.unknown() }) })),
  }),
})

/** From the definition of a custom resource. */
export function customSchemas(definition: string): Schemas {
  const { group, names, versions } = definitionSchema.parse(parse(definition)).spec
  return new Map(
    versions.map(({ name, schema }) => [
      schemaFile(names.kind, `${group}/${name}`),
      closeObjects(schema.openAPIV3Schema),
    ]),
  )
}

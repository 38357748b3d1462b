import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'

const names = z.array(z.string()).default([])

/** What the kustomizations here use: anything else would be left out of what {@link readOverlay} returns. */
const kustomizationSchema = z.strictObject({
  apiVersion: z.string(),
  kind: z.enum(['Kustomization', 'Component']),
  namespace: z.string().optional(),
  resources: names,
  components: names,
  configMapGenerator: z
    .array(
      z.strictObject({
        name: z.string(),
        behavior: z.literal('merge').optional(),
        literals: z.array(z.string()),
      }),
    )
    .default([]),
})

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
})

export type Manifest = z.infer<typeof manifestSchema>

export const overlays = ['strimzi', 'own-kafka'] as const
export type Overlay = (typeof overlays)[number]

/**
 * The manifests of an overlay. Unlike those that kustomize renders, they have no namespace, and generated names have no hash;
 * `npm run check:kubernetes` compares the two.
 */
export function readOverlay(overlay: Overlay): Manifest[] {
  const maps = new Map<string, Record<string, string>>()
  const manifests = readFolder(join(import.meta.dirname, 'overlays', overlay), maps)
  const generated = [...maps].map(([name, data]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: {} },
    data,
  }))
  return [...manifests, ...generated]
}

/** Adds what its kustomization generates to `maps`: a merge follows what it is merged into. */
function readFolder(folder: string, maps: Map<string, Record<string, string>>): Manifest[] {
  const { resources, components, configMapGenerator } = kustomizationSchema.parse(
    parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')),
  )
  const manifests = [...resources, ...components].flatMap((path) =>
    path.endsWith('.yaml')
      ? parseManifests(readFileSync(join(folder, path), 'utf8'), join(folder, path))
      : readFolder(join(folder, path), maps),
  )
  for (const { name, literals } of configMapGenerator)
    maps.set(name, { ...maps.get(name), ...Object.fromEntries(literals.map(splitLiteral)) })
  return manifests
}

/** `source`: where the text is from, in messages. */
export const parseManifests = (text: string, source: string): Manifest[] =>
  parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(`${source}: ${document.errors.join('; ')}`)
    return manifestSchema.parse(document.toJS())
  })

function splitLiteral(literal: string): [string, string] {
  const [name = '', ...value] = literal.split('=')
  return [name, value.join('=')]
}

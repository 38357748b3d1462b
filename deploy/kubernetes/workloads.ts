import { z } from 'zod'
import type { Manifest } from './read-overlay.ts'

const count = z.number().int()
const httpProbe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.literal('http') }),
  periodSeconds: count,
  timeoutSeconds: count,
  failureThreshold: count,
})

const variableSchema = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .strictObject({ fieldRef: z.strictObject({ fieldPath: z.literal('metadata.name') }) })
    .optional(),
})

const containerSchema = z.strictObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: count })),
  envFrom: z.array(z.strictObject({ configMapRef: z.strictObject({ name: z.string() }) })),
  env: z.array(variableSchema),
  lifecycle: z
    .strictObject({ preStop: z.strictObject({ sleep: z.strictObject({ seconds: count }) }) })
    .optional(),
  startupProbe: httpProbe,
  livenessProbe: httpProbe,
  readinessProbe: httpProbe,
  resources: z.strictObject({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  securityContext: z.unknown(),
  volumeMounts: z.array(
    // Without `subPath`: such a file would keep its content when the secret changes.
    z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.literal(true).optional() }),
  ),
})

const volumeSchema = z.strictObject({
  name: z.string(),
  emptyDir: z.strictObject({ sizeLimit: z.string() }).optional(),
  secret: z
    .strictObject({
      secretName: z.string(),
      defaultMode: count,
      items: z.array(z.strictObject({ key: z.string(), path: z.string() })),
    })
    .optional(),
})

const podSchema = z.looseObject({
  securityContext: z.looseObject({ fsGroup: count }),
  terminationGracePeriodSeconds: count,
  containers: z.tuple([containerSchema]),
  volumes: z.array(volumeSchema),
})

const workloadSchema = z.looseObject({
  kind: z.enum(['Deployment', 'StatefulSet']),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    replicas: count.optional(),
    serviceName: z.string().optional(),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: podSchema,
    }),
    volumeClaimTemplates: z
      .array(z.looseObject({ metadata: z.strictObject({ name: z.string() }) }))
      .default([]),
  }),
})

export type Workload = z.infer<typeof workloadSchema>

/** Deployments and stateful sets, each with one container. */
export const workloadsOf = (manifests: readonly Manifest[]): Workload[] =>
  manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map((manifest) => workloadSchema.parse(manifest))

export const podOf = ({ spec }: Workload) => spec.template.spec

export const containerOf = (workload: Workload) => podOf(workload).containers[0]

const configMapSchema = z.looseObject({ data: z.record(z.string(), z.string()) })

/** The environment of the container in the pod with the name. Throws if a config map is missing. */
export function environmentOf(
  workload: Workload,
  manifests: readonly Manifest[],
  podName: string,
): Record<string, string> {
  const { envFrom, env } = containerOf(workload)
  const shared = envFrom.map(({ configMapRef: { name } }) => {
    const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)
    if (map === undefined) throw new Error(`${workload.metadata.name} names the missing config map ${name}`)
    return configMapSchema.parse(map).data
  })
  const own = Object.fromEntries(env.map(({ name, value = podName }) => [name, value]))
  return Object.assign({}, ...shared, own)
}

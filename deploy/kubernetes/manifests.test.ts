import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { topicSettings } from '../../backbone/kafka/topics.ts'
import { processorSettings } from '../../processor/config.ts'
import { drainSeconds } from '../../test/drain-seconds.ts'
import { instancesOf } from '../../test/read-compose.ts'
import { type Manifest, overlays, readOverlay } from './read-overlay.ts'
import { containerOf, environmentOf, podOf, type Workload, workloadsOf } from './workloads.ts'

const manifests = readOverlay('strimzi')
const workloads = workloadsOf(manifests)
const [[, compose] = []] = instancesOf('gateway')
const kinds = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind)
const named = (kind: string, name: string) => kinds(kind).find(({ metadata }) => metadata.name === name)
const labelsOf = (name: string) => ({
  'app.kubernetes.io/part-of': 'checkout',
  'app.kubernetes.io/name': name,
})

test.each(overlays)('no two objects of a kind have the same name in the overlay %s', (overlay) => {
  const names = readOverlay(overlay).map(({ kind, metadata: { name } }) => `${kind} ${name}`)
  expect(names).toEqual([...new Set(names)])
})

test.each(workloads)('$metadata.name runs the image of the compose file, with its memory', (workload) => {
  const { image, args, resources } = containerOf(workload)
  expect(image).toBe(compose?.image)
  expect(existsSync(join(import.meta.dirname, '../..', args[0] ?? ''))).toBe(true)
  const memory = `${compose?.deploy.resources.limits.memory}i`
  expect(resources).toEqual({ requests: { cpu: '1', memory }, limits: { memory } })
})

test.each(workloads)(
  '$metadata.name may do no more than the restricted pod security standard allows',
  (workload) => {
    expect(podOf(workload)).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    })
    expect(containerOf(workload).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  },
)

test.each(workloads)('$metadata.name has time to drain', (workload) => {
  const { lifecycle, args } = containerOf(workload)
  const pause = lifecycle?.preStop.sleep.seconds ?? 0
  expect(podOf(workload).terminationGracePeriodSeconds).toBeGreaterThan(pause + drainSeconds(args[0] ?? ''))
})

test.each(workloads)('Kafka decides whether $metadata.name is ready, but never restarts it', (workload) => {
  const { startupProbe, livenessProbe, readinessProbe } = containerOf(workload)
  const paths = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet: { path } }) => path)
  expect(paths).toEqual(['/health/live', '/health/live', '/health/ready'])
})

test.each(workloads)('what selects $metadata.name fits its labels', (workload) => {
  const { name } = workload.metadata
  expect(workload.spec.template.metadata.labels).toEqual(labelsOf(name))
  expect(workload.spec).toMatchObject({ selector: { matchLabels: labelsOf(name) } })
  const spread = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) =>
    expect.objectContaining({ topologyKey, labelSelector: { matchLabels: labelsOf(name) } }),
  )
  expect(podOf(workload)['topologySpreadConstraints']).toEqual(spread)
  expect(named('Service', workload.spec.serviceName ?? name)).toMatchObject({
    spec: { selector: labelsOf(name), ports: [{ targetPort: 'http' }] },
  })
})

test.each(['gateway', 'processor'])('one %s at most is taken away for maintenance', (name) => {
  const spec = { maxUnavailable: 1, selector: { matchLabels: labelsOf(name) } }
  expect(named('PodDisruptionBudget', name)).toMatchObject({ spec })
})

test('what is scaled exists, and has no number of replicas of its own', () => {
  const targets = [...kinds('HorizontalPodAutoscaler'), ...kinds('ScaledObject')].map(({ spec }) => spec)
  expect(targets).toMatchObject([
    { scaleTargetRef: { kind: 'Deployment', name: 'gateway' } },
    { scaleTargetRef: { kind: 'StatefulSet', name: 'classifier' } },
  ])
  const replicas = ({ metadata: { name }, spec }: Workload) => [name, spec.replicas]
  expect(workloads.map(replicas)).toEqual([
    ['gateway', undefined],
    ['processor', 2],
    ['classifier', undefined],
  ])
})

test('KEDA asks how far the processors lag, and starts one for each partition at most', () => {
  const [gateway, processor, classifier] = workloads
  const partitions = Number(gateway && environmentOf(gateway, manifests, 'gateway')['PARTITIONS'])
  expect(named('ScaledObject', 'classifier')).toMatchObject({
    spec: {
      maxReplicaCount: partitions - (processor?.spec.replicas ?? 0),
      triggers: [
        {
          metadata: {
            consumerGroup: processorSettings.shape.GROUP_ID.parse(undefined),
            topic: topicSettings.DATA_TOPIC.parse(undefined),
            bootstrapServersFromEnv: 'KAFKA_BROKERS',
          },
          authenticationRef: { name: named('TriggerAuthentication', 'classifier')?.metadata.name },
        },
      ],
    },
  })
  expect(classifier && environmentOf(classifier, manifests, 'classifier-0')).toHaveProperty('KAFKA_BROKERS')
  const { configMapTargetRef } = triggerSchema.parse(named('TriggerAuthentication', 'classifier')?.['spec'])
  const maps = configMapTargetRef.map(({ name, key }) => [key, named('ConfigMap', name)?.['data']])
  expect(maps).toEqual([['username', { username: 'checkout-keda' }]])
})

const rulesSchema = z.array(z.object({ ports: z.array(z.object({ port: z.number() })) })).default([])

const policySchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    policyTypes: z.array(z.string()),
    ingress: rulesSchema,
    egress: rulesSchema,
  }),
})

test('on the network, only what is needed is allowed', () => {
  const policies = kinds('NetworkPolicy').map((manifest) => policySchema.parse(manifest))
  const [everything] = policies
  const partOf = { 'app.kubernetes.io/part-of': 'checkout' }
  expect(everything?.spec).toMatchObject({
    podSelector: { matchLabels: partOf },
    policyTypes: ['Ingress', 'Egress'],
  })
  const allowed = policies.flatMap(({ metadata: { name }, spec: { ingress, egress } }) =>
    Object.entries({ in: ingress, out: egress }).flatMap(([direction, rules]) =>
      rules.map(({ ports }) => `${name} ${direction} ${ports.map(({ port }) => port).join()}`),
    ),
  )
  expect(allowed).toEqual([
    'checkout out 53,53',
    'gateway in 8080',
    'gateway out 8090',
    'processor in 8090',
    'kafka out 9093',
    'monitoring in 8080,8090',
  ])
  const ports = workloads.flatMap((workload) =>
    containerOf(workload).ports.map(({ containerPort }) => containerPort),
  )
  expect(ports).toEqual([8080, 8090, 8090])
})

const keySchema = z.object({ name: z.string(), key: z.string() })
const triggerSchema = z.object({
  configMapTargetRef: z.array(keySchema),
  secretTargetRef: z.array(keySchema),
})
const monitorSchema = z.object({
  podMetricsEndpoints: z.tuple([z.object({ authorization: z.object({ credentials: keySchema }) })]),
})

/** The keys of secrets that the manifests use. */
function secretsIn(objects: readonly Manifest[]): string[] {
  const mounted = workloadsOf(objects)
    .flatMap((workload) => podOf(workload).volumes)
    .flatMap(({ secret }) => secret?.items.map(({ key }) => `${secret.secretName} ${key}`) ?? [])
  const referenced = objects.flatMap(({ kind, spec }) => {
    if (kind === 'TriggerAuthentication') return triggerSchema.parse(spec).secretTargetRef
    if (kind === 'PodMonitor')
      return [monitorSchema.parse(spec).podMetricsEndpoints[0].authorization.credentials]
    return []
  })
  return [...new Set([...mounted, ...referenced.map(({ name, key }) => `${name} ${key}`)])]
}

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/kubernetes.md'), 'utf8')
const COMMAND = /kubectl -n checkout create secret generic (\S+) --from-(?:file|literal)=([\w.]+)/g

test.each(overlays)('Strimzi or the operator makes each secret of the overlay %s', (overlay) => {
  const made = [...guide.matchAll(COMMAND)].map(([, name, key]) => `${name} ${key}`)
  const objects = readOverlay(overlay)
  for (const { kind, metadata } of objects) {
    if (kind === 'KafkaUser') made.push(`${metadata.name} password`)
    if (kind === 'Kafka') made.push(`${metadata.name}-cluster-ca-cert ca.crt`)
  }
  const needed = secretsIn(objects)
  expect(needed.length).toBeGreaterThan(4)
  expect(made).toEqual(expect.arrayContaining(needed))
})

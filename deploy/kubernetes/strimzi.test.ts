import { expect, test } from 'vitest'
import { z } from 'zod'
import type { NewTopic, TopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import {
  ensureFiguresTopic,
  ensureHistoryTopic,
  ensureLayoutTopic,
  ensureTopics,
  topicSettings,
} from '../../backbone/kafka/topics.ts'
import { readSettings } from '../../backbone/process/settings.ts'
import { processorSettings } from '../../processor/config.ts'
import { documentedRights } from '../../test/documented-rights.ts'
import type { Grant } from '../../test/secured-kafka.ts'
import { serverProperties } from '../kafka/server-properties.ts'
import { readOverlay } from './read-overlay.ts'
import { topicsOf, usersOf } from './strimzi-resources.ts'
import { environmentOf, workloadsOf } from './workloads.ts'

const manifests = readOverlay('strimzi')
const [gateway, processor] = workloadsOf(manifests)
if (!gateway || !processor) throw new Error('the overlay has no gateway or no processor')
const environment = environmentOf(processor, manifests, 'processor-0')
const settings = readSettings(z.object(topicSettings), environment)
const { GROUP_ID } = readSettings(processorSettings, environment)

/** The topics that processes create on three brokers. */
async function createdTopics(): Promise<NewTopic[]> {
  const created: NewTopic[] = []
  const admin: Pick<TopicAdmin, 'listTopics' | 'describeCluster' | 'createTopics' | 'countPartitions'> = {
    listTopics: async () => created.map(({ topic }) => topic),
    describeCluster: async () => ({ id: 'cluster', nodeIds: [0, 1, 2] }),
    createTopics: async (topics) => void created.push(...topics),
    countPartitions: async (name) => created.find(({ topic }) => topic === name)?.assignment.length ?? 0,
  }
  await ensureTopics(admin as TopicAdmin, settings)
  await ensureFiguresTopic(admin as TopicAdmin, settings.FIGURES_TOPIC)
  await ensureHistoryTopic(admin as TopicAdmin, settings.HISTORY_TOPIC)
  await ensureLayoutTopic(admin as TopicAdmin, settings.LAYOUT_TOPIC)
  return created
}

test('the topics are those that processes would create', async () => {
  const created = await createdTopics()
  expect(created).toHaveLength(7)
  expect(topicsOf(manifests)).toEqual(
    created.map(({ topic, assignment, config }) => ({
      topicName: topic,
      partitions: assignment.length,
      replicas: assignment[0]?.replicas.length,
      config,
    })),
  )
})

test('the brokers have the settings of those that the launcher starts', () => {
  const nodes = [1, 2, 3].map((id) => ({ id, port: 9092, controllerPort: 9093 }))
  const lines = serverProperties({ id: 1, port: 9092, controllerPort: 9093 }, nodes, '/data', {})
    .trim()
    .split('\n')
  const launched = Object.fromEntries(lines.map((line) => line.split('=') as [string, string]))
  // Strimzi sets them itself; a quorum timeout for each node alone is not possible.
  const strimzis =
    /^(process\.roles|node\.id|controller\..+|listeners?(\..+)?|inter\.broker\.listener\.name|log\.dirs)$/
  const kafka = z
    .object({ spec: z.object({ kafka: z.object({ config: z.record(z.string(), z.unknown()) }) }) })
    .parse(manifests.find(({ kind }) => kind === 'Kafka'))
  const config = Object.entries(kafka.spec.kafka.config).map(([name, value]) => [name, String(value)])
  expect(Object.fromEntries(config)).toEqual(
    Object.fromEntries(Object.entries(launched).filter(([name]) => !strimzis.test(name))),
  )
})

test('processes connect to the listener of the brokers, as users that exist', () => {
  const { metadata, spec } = z
    .object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ kafka: z.object({ listeners: z.tuple([z.looseObject({ port: z.number() })]) }) }),
    })
    .parse(manifests.find(({ kind }) => kind === 'Kafka'))
  const [{ port, ...listener }] = spec.kafka.listeners
  expect(environment['KAFKA_BROKERS']).toBe(`${metadata.name}-kafka-bootstrap.checkout.svc:${port}`)
  expect(listener).toMatchObject({ tls: true, authentication: { type: environment['KAFKA_SASL_MECHANISM'] } })
  const users = [gateway, processor].map(
    (workload) => environmentOf(workload, manifests, 'pod')['KAFKA_SASL_USERNAME'],
  )
  expect(usersOf(manifests).map(({ name }) => name)).toEqual([...users, 'checkout-keda'])
  const parts = manifests.filter(({ kind }) => /^Kafka./.test(kind))
  expect(new Set(parts.map(({ metadata: { labels } }) => labels['strimzi.io/cluster']))).toEqual(
    new Set([metadata.name]),
  )
})

test.each(['gateway', 'processor'])('the user of each %s has exactly the documented rights', (role) => {
  const names = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))
  const documented = documentedRights({ ...names, GROUP_ID }).filter(({ process }) => process === role)
  const user = usersOf(manifests).find(({ name }) => name === `checkout-${role}`)
  const lines = (rights: readonly Omit<Grant, 'to'>[]) =>
    rights.flatMap(({ resource, name, prefixed, operations }) =>
      operations.map((operation) => `${operation} on ${resource} ${name}${prefixed ? '*' : ''}`),
    )
  expect(lines(user?.rights ?? []).toSorted()).toEqual(lines(documented).toSorted())
})

import { z } from 'zod'
import type { Manifest } from './read-overlay.ts'

const topicSchema = z.looseObject({
  spec: z.strictObject({
    topicName: z.string(),
    partitions: z.number(),
    replicas: z.number(),
    config: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)),
  }),
})

const userSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.strictObject({
    authentication: z.strictObject({ type: z.literal('scram-sha-512') }),
    authorization: z.strictObject({
      type: z.literal('simple'),
      acls: z.array(
        z.strictObject({
          resource: z.strictObject({
            type: z.enum(['topic', 'group', 'transactionalId']),
            name: z.string(),
            patternType: z.enum(['literal', 'prefix']),
          }),
          operations: z.array(z.enum(['Read', 'Write', 'Delete', 'Alter', 'Describe', 'DescribeConfigs'])),
        }),
      ),
    }),
  }),
})

const specsOf = <Schema extends z.ZodType>(schema: Schema, manifests: readonly Manifest[], name: string) =>
  manifests.filter(({ kind }) => kind === name).map((manifest) => schema.parse(manifest))

export const topicsOf = (manifests: readonly Manifest[]) =>
  specsOf(topicSchema, manifests, 'KafkaTopic').map(({ spec }) => spec)

/** A right in Kafka. */
interface Right {
  resource: 'topic' | 'group' | 'transactionalId'
  name: string
  /** `name` is the prefix of the names. */
  prefixed: boolean
  operations: ('Read' | 'Write' | 'Delete' | 'Alter' | 'Describe' | 'DescribeConfigs')[]
}

export const usersOf = (manifests: readonly Manifest[]): { name: string; rights: Right[] }[] =>
  specsOf(userSchema, manifests, 'KafkaUser').map(({ metadata: { name }, spec }) => ({
    name,
    rights: spec.authorization.acls.map(({ resource, operations }) => ({
      resource: resource.type,
      name: resource.name,
      prefixed: resource.patternType === 'prefix',
      operations,
    })),
  }))

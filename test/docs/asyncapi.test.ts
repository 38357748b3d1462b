import { readFileSync } from 'node:fs'
import schema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' }
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { topicSettings } from '../../backbone/kafka/topics.ts'
import { checkoutSchema, faultyPurchaseSchema } from '../../backbone/records/checkout.ts'
import { header } from '../../backbone/records/headers.ts'
import { followedUpKinds, outcomeSchema } from '../../backbone/records/outcome.ts'

interface AsyncApi {
  channels: Record<
    string,
    { address: string; description: string; bindings: { kafka: { topic: string; partitions: number } } }
  >
  components: {
    messages: Record<string, { headers: { properties: Record<string, unknown> } }>
    schemas: Record<string, unknown>
  }
}

const api = parse(readFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), 'utf8')) as AsyncApi

test('is AsyncAPI 3', () => {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: false }))
  const conforms = ajv.compile(schema)
  expect(conforms(api) || conforms.errors).toBe(true)
})

test('has the schemas of the code', () => {
  const schemaOf = (type: z.ZodType) => {
    const { $schema: _, ...rest } = z.toJSONSchema(type)
    return rest
  }
  expect(api.components.schemas).toEqual({
    Checkout: schemaOf(checkoutSchema),
    FaultyPurchase: schemaOf(faultyPurchaseSchema),
    Outcome: schemaOf(outcomeSchema),
  })
})

test('has the topics of the settings', () => {
  const {
    DATA_TOPIC,
    NOTIFICATIONS_TOPIC,
    DEAD_LETTER_TOPIC,
    FOLLOW_UP_TOPIC,
    FIGURES_TOPIC,
    HISTORY_TOPIC,
    LAYOUT_TOPIC,
    PARTITIONS,
  } = topicSettings
  const partitions = PARTITIONS.parse(undefined)
  const expected = [
    [DATA_TOPIC.parse(undefined), partitions],
    [NOTIFICATIONS_TOPIC.parse(undefined), partitions],
    [DEAD_LETTER_TOPIC.parse(undefined), 3],
    [FOLLOW_UP_TOPIC.parse(undefined), 3],
    [FIGURES_TOPIC.parse(undefined), 1],
    [HISTORY_TOPIC.parse(undefined), 1],
    [LAYOUT_TOPIC.parse(undefined), 1],
  ]
  const documented = Object.values(api.channels)
  expect(documented.map(({ address, bindings }) => [address, bindings.kafka.partitions])).toEqual(expected)
  expect(documented.map(({ bindings }) => bindings.kafka.topic)).toEqual(expected.map(([topic]) => topic))
})

test('names the kinds that are followed up', () => {
  expect(api.channels['FollowUp']?.description).toContain(
    `Outcomes of the kinds ${new Intl.ListFormat('en').format(followedUpKinds)} again`,
  )
})

test('has every header, and no other', () => {
  const documented = Object.values(api.components.messages).flatMap(({ headers }) =>
    Object.keys(headers.properties),
  )
  expect(new Set(documented)).toEqual(new Set(Object.values(header)))
})

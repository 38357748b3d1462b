import { describe, test } from 'vitest'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import type { RecordProducers } from '../../gateway/publish/record-producer.ts'
import type { SecuredKafka } from '../secured-kafka.ts'
import { clauses } from './clauses.ts'
import { plainSettings, type Setup, settingsOfWriter, TIMEOUT_MS } from './setup.ts'

type Clause = keyof typeof clauses

const OUTAGE: Clause =
  'after a broker was killed and has returned, each acknowledged record is there exactly once'
const TEST_TIMEOUT_MS = 120_000

interface Implementation {
  name: string
  createProducers: (
    settings: KafkaSettings & { DATA_TOPIC: string; PUBLISH_TIMEOUT_MS: number },
  ) => RecordProducers
  /** Clauses that it breaks, and why. Fails when it does not break one of them any more. */
  breaks?: Partial<Record<Clause, string>>
}

/** What the gateway expects of a client library. */
export function testRecordProducers(
  { name, createProducers, breaks = {} }: Implementation,
  kafkaOf: () => SecuredKafka,
) {
  const setUp = (): Setup => {
    const kafka = kafkaOf()
    return {
      kafka,
      producersOf: (topic, timeoutMs = TIMEOUT_MS) =>
        createProducers({ ...plainSettings(kafka), DATA_TOPIC: topic, PUBLISH_TIMEOUT_MS: timeoutMs }),
      producersOfWriter: (topic) =>
        createProducers({ ...settingsOfWriter(kafka), DATA_TOPIC: topic, PUBLISH_TIMEOUT_MS: TIMEOUT_MS }),
    }
  }
  describe(name, () => {
    for (const [clause, check] of Object.entries(clauses)) {
      const reason = breaks[clause as Clause]
      const title = reason === undefined ? clause : `${clause} (expected to fail: ${reason})`
      // All but the one that kills the broker.
      const run = clause === OUTAGE ? test : test.concurrent
      const runAsExpected = reason === undefined ? run : run.fails
      runAsExpected(title, () => check(setUp()), TEST_TIMEOUT_MS)
    }
  })
}

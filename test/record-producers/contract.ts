import { describe, test } from 'vitest'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import type { RecordProducers } from '../../gateway/publish/record-producer.ts'
import type { SecuredKafka } from '../secured-kafka.ts'
import { clauses } from './clauses.ts'
import type { ReadRecords } from './read-records.ts'
import { plainSettings, type Setup, settingsOfWriter, TIMEOUT_MS } from './setup.ts'

type Clause = keyof typeof clauses

const TEST_TIMEOUT_MS = 120_000

interface Implementation {
  name: string
  createProducers: (
    settings: KafkaSettings & { DATA_TOPIC: string; PUBLISH_TIMEOUT_MS: number },
  ) => RecordProducers
  /** With another client library. */
  readRecords: ReadRecords
  /** Clauses that it breaks, and why. A clause listed here that holds fails the test. */
  breaks?: Partial<Record<Clause, string>>
}

/** What the gateway expects of a client library. */
export function testRecordProducers(
  { name, createProducers, readRecords, breaks = {} }: Implementation,
  kafkaOf: () => SecuredKafka,
) {
  const setUp = (): Setup => {
    const kafka = kafkaOf()
    return {
      kafka,
      readRecords,
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
      const run = reason === undefined ? test : test.fails
      run(title, () => check(setUp()), TEST_TIMEOUT_MS)
    }
  })
}

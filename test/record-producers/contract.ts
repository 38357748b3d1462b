import { describe } from 'vitest'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import type { RecordProducers } from '../../gateway/publish/record-producer.ts'
import type { ExpectedFailures } from '../contracts/client-library.ts'
import { expectedTest } from '../contracts/expected-test.ts'
import type { SecuredKafka } from '../secured-kafka.ts'
import { clauses } from './clauses.ts'
import type { ReadRecords } from './read-records.ts'
import { plainSettings, type Setup, settingsOfWriter, TIMEOUT_MS } from './setup.ts'

const TEST_TIMEOUT_MS = 120_000

interface Implementation {
  name: string
  createProducers: (
    settings: KafkaSettings & { DATA_TOPIC: string; PUBLISH_TIMEOUT_MS: number },
  ) => RecordProducers
  /** With another client library. */
  readRecords: ReadRecords
  expectedFailures?: ExpectedFailures<keyof typeof clauses>
}

/** What the gateway expects of a client library. */
export function testRecordProducers(
  { name, createProducers, readRecords, expectedFailures = {} }: Implementation,
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
    const test = expectedTest(expectedFailures, TEST_TIMEOUT_MS)
    for (const [clause, check] of Object.entries(clauses)) test(clause, () => check(setUp()))
  })
}

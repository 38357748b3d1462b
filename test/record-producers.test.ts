import pino from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { createKafka } from '../backbone/kafka/client.ts'
import { createRecordProducers } from '../gateway/publish/kafkajs/record-producers.ts'
import { testRecordProducers } from './record-producers/contract.ts'
import { readWithKafkajs, readWithPlatformatic } from './record-producers/read-records.ts'
import { READABLE, WRITABLE, WRITER } from './record-producers/setup.ts'
import { createPlatformaticProducers } from './second-client/record-producers.ts'
import { type SecuredKafka, startSecuredKafka } from './secured-kafka.ts'

const log = pino({ level: 'silent' })
let kafka: SecuredKafka

beforeAll(async () => {
  kafka = await startSecuredKafka([WRITER], { 'auto.create.topics.enable': 'true' })
  const topics = { to: WRITER, resource: 'topic', prefixed: true } as const
  await kafka.grant({ ...topics, name: WRITABLE, operations: ['Describe', 'Write'] })
  await kafka.grant({ ...topics, name: READABLE, operations: ['Describe', 'Read'] })
})
afterAll(() => kafka.stop())

testRecordProducers(
  {
    name: 'kafkajs',
    readRecords: readWithPlatformatic,
    createProducers: (settings) => createRecordProducers(createKafka(settings, 'contract', log), settings),
  },
  () => kafka,
)

testRecordProducers(
  {
    name: '@platformatic/kafka',
    readRecords: readWithKafkajs,
    createProducers: createPlatformaticProducers,
    expectedFailures: {
      'a partition that the topic does not have is never another one':
        '2.12.1 writes to the remainder of its number by the count of partitions',
    },
  },
  () => kafka,
)

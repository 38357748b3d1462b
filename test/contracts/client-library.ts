import type { GroupOptions } from '../../processor/kafka/consume-group.ts'
import type { RunningConsumer } from '../../processor/kafka/partition-consumer.ts'
import type { TransactionalProducer } from '../../processor/kafka/transactional-producer.ts'

/** The functions of a client library that a processor needs; each call creates its own client. */
export interface ClientLibrary {
  consumeGroup: (brokers: string[], options: GroupOptions) => RunningConsumer
  createOutcomeProducer: (brokers: string[], transactionalId: string) => TransactionalProducer
}

/** Names of tests that a library does not pass, each with the reason. */
export type ExpectedFailures<Name extends string = string> = Partial<Record<Name, string>>

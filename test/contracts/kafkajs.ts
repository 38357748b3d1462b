import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { createKafka } from '../../backbone/kafka/client.ts'
import { consumeGroup } from '../../processor/kafka/consume-group.ts'
import { createOutcomeProducer } from '../../processor/kafka/outcome-producer.ts'
import type { ClientLibrary } from './client-library.ts'

const connect = (brokers: string[]) =>
  createKafka(
    { KAFKA_BROKERS: brokers, KAFKA_TLS: false, KAFKA_SASL_PLAIN_WITHOUT_TLS: false },
    `contract-${randomUUID().slice(0, 8)}`,
    pino({ level: 'silent' }),
  )

/** The client library of the product. */
export const library: ClientLibrary = {
  consumeGroup: (brokers, options) => consumeGroup({ ...options, kafka: connect(brokers) }),
  createOutcomeProducer: (brokers, transactionalId) =>
    createOutcomeProducer(connect(brokers), transactionalId),
}

import type { ClientLibrary } from '../contracts/client-library.ts'
import { consumeGroup } from './group-consumer.ts'
import { createOutcomeProducer } from './transactional-producer.ts'

/** Proves that the processor does not depend on one client library; the product does not use it. */
export const library: ClientLibrary = { consumeGroup, createOutcomeProducer }

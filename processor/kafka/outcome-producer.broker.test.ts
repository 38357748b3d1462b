import { library } from '../../test/contracts/kafkajs.ts'
import { testTransactionalProducer } from '../../test/contracts/transactional-producer.ts'

testTransactionalProducer(library)

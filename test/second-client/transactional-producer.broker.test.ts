import { testTransactionalProducer } from '../contracts/transactional-producer.ts'
import { library } from './platformatic.ts'

testTransactionalProducer(library)

import { testConsumerGroup } from '../contracts/consumer-group.ts'
import { testPartitionConsumer } from '../contracts/partition-consumer.ts'
import { library } from './platformatic.ts'

testPartitionConsumer(library)
testConsumerGroup(library, new URL('platformatic.ts', import.meta.url).href)

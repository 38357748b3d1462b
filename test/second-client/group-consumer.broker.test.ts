import { testConsumerGroup } from '../contracts/consumer-group.ts'
import { testPartitionConsumer } from '../contracts/partition-consumer.ts'
import { library } from './platformatic.ts'

testPartitionConsumer(library, {
  'reads committed records only, in order, from the offset that it seeks':
    'of several aborted transactions of one producer in a response, the library leaves out the last one only',
})
testConsumerGroup(library, new URL('platformatic.ts', import.meta.url).href)

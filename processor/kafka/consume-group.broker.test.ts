import { testConsumerGroup } from '../../test/contracts/consumer-group.ts'
import { library } from '../../test/contracts/kafkajs.ts'
import { testPartitionConsumer } from '../../test/contracts/partition-consumer.ts'

testPartitionConsumer(library)
testConsumerGroup(library, new URL('../../test/contracts/kafkajs.ts', import.meta.url).href)

import { join } from 'node:path'
import { testForeignClients } from './foreign-clients/contract.ts'
import { shortKafkaTool } from './kafka-tool.ts'

testForeignClients([
  {
    name: 'Java kafka-clients',
    command: shortKafkaTool(join(import.meta.dirname, 'foreign-clients/KafkaClient.java')),
    codecs: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    hasTransactions: true,
    readsCommitted: true,
  },
])

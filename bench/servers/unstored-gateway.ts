import { readConfig } from '../../gateway/config.ts'
import { createAdmission } from '../../gateway/overload/admission.ts'
import { watchEventLoopOverload } from '../../gateway/overload/event-loop-overload.ts'
import { MOST_RECORDS } from '../../gateway/publish/leader-sender.ts'
import { serveGateway } from './serve-gateway.ts'

// The gateway without Kafka: it validates, remembers and answers, and stores nothing.

const config = readConfig()
let offset = 0
await serveGateway({
  config,
  admission: createAdmission({
    most: config.QUEUE_MAX_RECORDS,
    requestRecords: MOST_RECORDS,
    isOverloaded: watchEventLoopOverload(),
  }),
  createPublish:
    () =>
    async ({ partitionAmong }) => ({ partition: partitionAmong(config.PARTITIONS), offset: offset++ }),
})

import pino from 'pino'
import { createKafka } from '../../backbone/kafka/client.ts'
import { preferredLeaders } from '../../backbone/kafka/preferred-leaders.ts'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { partitionCount } from '../../backbone/kafka/topics.ts'
import { readConfig } from '../../gateway/config.ts'
import type { Admission } from '../../gateway/overload/admission.ts'
import { createRecordProducers } from '../../gateway/publish/kafkajs/record-producers.ts'
import { createPublisher } from '../../gateway/publish/publish-checkout.ts'
import { publisherSettings } from '../../gateway/publish/publisher-settings.ts'
import { steadyLayout } from '../../gateway/testing/steady-layout.ts'
import { serveGateway } from './serve-gateway.ts'

// The gateway with a plain bounded queue: first come, first served, 503 when it is full. Everything else is as in
// the real gateway.

const config = readConfig()
const log = pino({ level: 'silent' })
const kafka = createKafka(config, 'plain-gateway', log)
const admin = createTopicAdmin(kafka)
await admin.connect()
const partitions = await partitionCount(admin, config.DATA_TOPIC)
const leaders = await preferredLeaders(admin, config.DATA_TOPIC)
await admin.disconnect()

const letAllIn: Admission = {
  enter: () => () => undefined,
  publish: (_, publish) => publish(),
  check: () => undefined,
  hasRoom: () => true,
  load: () => ({ inFlight: 0, limit: 0 }),
}

await serveGateway({
  config,
  admission: letAllIn,
  createPublish: (metrics) => {
    const publisher = createPublisher({
      leaders: Promise.resolve(leaders),
      findLeaders: () => Promise.resolve(leaders),
      ...createRecordProducers(kafka, config),
      assertWritable: () => Promise.resolve(),
      refusals: noRefusals,
      lease: steadyLayout(partitions),
      ...publisherSettings(config),
      metrics,
      log,
    })
    return (record) =>
      publisher.publish({ ...record, lane: 'purchase', since: Date.now(), isDisconnected: () => false })
  },
})

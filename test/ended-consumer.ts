import { Kafka, logLevel } from 'kafkajs'
import { connectBroker } from '../backbone/kafka/socket.ts'
import { retrying } from '../processor/kafka/consumer-config.ts'
import { createEndConsumer } from '../processor/kafka/stop-consumer.ts'

// Arguments: bootstrap brokers, a topic, a group. Ends its consumer when that recreates its fetchers, then itself, and
// reports it.

const [bootstrap = '', topic = '', groupId = ''] = process.argv.slice(2)

let ending = false
const kafka = new Kafka({
  brokers: bootstrap.split(','),
  socketFactory: connectBroker,
  enforceRequestTimeout: false,
  logLevel: logLevel.DEBUG,
  logCreator: () => say,
})
const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 250, ...retrying })
const endConsumer = createEndConsumer(consumer)

/** The only signal that a consumer recreates its fetchers. */
function say({ log: { message } }: { log: { message: string } }) {
  if (/^Created \d fetchers/.test(message)) console.log(message)
  if (message === 'Rebalancing fetchers...') void end()
}

async function end() {
  if (ending) return
  ending = true
  console.log('ending')
  await endConsumer()
  console.log('ended')
  process.exit()
}

await consumer.connect()
await consumer.subscribe({ topic })
await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() })

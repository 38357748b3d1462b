import type { Consumer } from 'kafkajs'

/** Not retriable: kafkajs stops the consumer, leaves the group and disconnects. */
class ConsumerEndedError extends Error {
  override readonly name = 'ConsumerEndedError'
  readonly retriable = false
}

/**
 * Ends a consumer that may be waiting for its fetches, instead of the next fetch. kafkajs 2.2.4 would send that one, too,
 * and wait for it. Worse, when brokers come or go, kafkajs waits for the fetches and then recreates its fetchers. A consumer
 * that is stopped meanwhile recreates them all the same: they have nothing to fetch, loop for ever, and block the whole
 * process. A consumer that joins a group does not wait.
 *
 * Call it before the consumer runs. The function that it returns disconnects the consumer.
 */
export function createEndConsumer(consumer: Consumer): () => Promise<void> {
  const { FETCH_START, GROUP_JOIN, REBALANCING, CRASH } = consumer.events
  const disconnected = Promise.withResolvers<void>()
  let mayWait = false
  let isEnding = false

  consumer.on(FETCH_START, () => {
    if (isEnding) throw new ConsumerEndedError('ended')
    mayWait = true
  })
  for (const event of [GROUP_JOIN, REBALANCING]) {
    consumer.on(event, () => {
      mayWait = false
      if (isEnding) disconnected.resolve(consumer.disconnect())
    })
  }
  // Disconnected already.
  consumer.on(CRASH, () => {
    mayWait = false
    disconnected.resolve()
  })

  return function endConsumer(): Promise<void> {
    isEnding = true
    return mayWait ? disconnected.promise : consumer.disconnect()
  }
}

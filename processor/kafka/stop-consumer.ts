import type { Consumer } from 'kafkajs'

/**
 * Disconnects a consumer as soon as it can be stopped. When brokers come or go, kafkajs 2.2.4 waits for the requests of its
 * fetchers, and recreates them. A consumer that is stopped while it waits recreates them all the same: they have nothing to
 * fetch, loop for ever, and block the whole process. A consumer that starts to fetch, or joins a group, does not wait.
 *
 * Call it before the consumer runs. The function that it returns disconnects the consumer.
 */
export function createEndConsumer(consumer: Consumer): () => Promise<void> {
  let mayWait = false
  let onSafe: (() => void) | undefined

  const { FETCH_START, GROUP_JOIN, REBALANCING, CRASH } = consumer.events
  for (const event of [FETCH_START, GROUP_JOIN, REBALANCING, CRASH]) {
    consumer.on(event, () => {
      mayWait = event === FETCH_START
      // After its other fetchers have started, too, but in the same turn of the event loop: by the next one it may wait.
      if (onSafe) queueMicrotask(onSafe)
      onSafe = undefined
    })
  }

  return async function endConsumer(): Promise<void> {
    if (!mayWait) return consumer.disconnect()
    const { promise, resolve } = Promise.withResolvers<void>()
    onSafe = () => resolve(consumer.disconnect())
    return promise
  }
}

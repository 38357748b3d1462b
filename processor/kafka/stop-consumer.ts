import type { Consumer } from 'kafkajs'

/**
 * Disconnects a consumer as soon as it can be stopped. Where brokers come or go kafkajs 2.2.4 waits for what its fetchers
 * have asked for, and makes them anew. Stopped while it waits, it makes them all the same: they have nothing to ask, do so on
 * and on, and nothing else in the process has its turn again. Whoever begins to fetch is not being waited for, nor is
 * whoever joins a group.
 *
 * To be called before the consumer runs; what it returns disconnects it.
 */
export function createEndConsumer(consumer: Consumer): () => Promise<void> {
  let mayWait = false
  let onSafe: (() => void) | undefined

  const { FETCH_START, GROUP_JOIN, REBALANCING, CRASH } = consumer.events
  for (const event of [FETCH_START, GROUP_JOIN, REBALANCING, CRASH]) {
    consumer.on(event, () => {
      mayWait = event === FETCH_START
      // Not before its other fetchers have begun, too; and in the same turn, since by the next one it may wait.
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

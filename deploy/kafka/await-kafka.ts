import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const CONNECTS_WITHIN_MS = 1_000
const RETRY_AFTER_MS = 250
const ADVISE_AFTER_MS = 10_000

/**
 * Resolves when one of `brokers` accepts a connection; the services report what it then refuses. Reports once that none
 * does, and after ten seconds what to do. Rejects when `stopping` is aborted.
 */
export async function awaitKafka(
  brokers: readonly string[],
  report: (line: string) => void,
  stopping: AbortSignal,
): Promise<void> {
  const began = performance.now()
  let reported: 'nothing' | 'waiting' | 'advice' = 'nothing'
  while (!(await oneListens(brokers))) {
    if (reported === 'nothing') {
      report(`waiting for Kafka at ${brokers.join(', ')}`)
      reported = 'waiting'
    } else if (reported === 'waiting' && performance.now() - began > ADVISE_AFTER_MS) {
      report(
        'Kafka does not answer yet: start it, or correct KAFKA_BROKERS; without KAFKA_BROKERS, npm start runs a Kafka of its own',
      )
      reported = 'advice'
    }
    await sleep(RETRY_AFTER_MS, undefined, { signal: stopping })
  }
  if (reported !== 'nothing')
    report(`Kafka answers after ${((performance.now() - began) / 1_000).toFixed(1)} s`)
}

const oneListens = (brokers: readonly string[]): Promise<boolean> =>
  Promise.any(brokers.map(connectTo)).then(
    () => true,
    () => false,
  )

async function connectTo(broker: string): Promise<void> {
  const [host = '', port] = broker.split(':')
  const socket = connect({ host, port: Number(port) })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECTS_WITHIN_MS) })
  } finally {
    socket.destroy()
  }
}

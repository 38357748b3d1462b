import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { hangUp } from '../backbone/hang-up.ts'

interface Connectable {
  connect(): Promise<void>
  disconnect(): Promise<void>
}

const SHORTEST_DELAY_MS = 100
const LONGEST_DELAY_MS = 2_000
const FAREWELL_MS = 1_000

/** Keeps one producer connected, for as long as it takes, and puts a new one in the place of one that failed. */
export function keepProducer<Producer extends Connectable>(createProducer: () => Producer, log: Logger) {
  let connected: Producer | undefined
  const closed = new AbortController()
  let next = connect()

  async function connect(): Promise<Producer | undefined> {
    for (
      let delay = SHORTEST_DELAY_MS;
      !closed.signal.aborted;
      delay = Math.min(delay * 2, LONGEST_DELAY_MS)
    ) {
      const producer = createProducer()
      try {
        await producer.connect()
        connected = producer
        return producer
      } catch (error) {
        log.warn({ error: String(error), retryInMs: delay }, 'Kafka is not reachable')
        void hangUp(producer)
        await sleep(delay)
      }
    }
    return undefined
  }

  return {
    isConnected: () => connected !== undefined,
    /** Resolves as soon as there is one; with undefined once this was closed. */
    get: () => next,
    /** Never to be used again. It is hung up on only when its last send has ended, since that would connect it anew. */
    discard(producer: Producer, lastSend: Promise<unknown>) {
      void lastSend.catch(() => undefined).then(() => hangUp(producer))
      connected = undefined
      next = connect()
    },
    async close() {
      closed.abort()
      if (connected) await Promise.race([hangUp(connected), sleep(FAREWELL_MS)])
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { disconnectQuietly } from '../../backbone/kafka/disconnect.ts'
import { retryDelayMs } from '../../backbone/kafka/retry-delay.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { RecordProducer, RecordProducers } from './record-producer.ts'

export interface KeepProducerOptions extends RecordProducers {
  refusals: ClientRefusals
  log: Logger
}

const DELAY = { firstMs: 100, longestMs: 2_000 }
const DISCONNECT_WITHIN_MS = 1_000

/**
 * Keeps one producer connected that may write, for as long as it takes, and replaces one that failed. Whether it may write
 * is asked at the start, and after each refusal.
 */
export function keepProducer({ createProducer, assertWritable, refusals, log }: KeepProducerOptions) {
  let connected: RecordProducer | undefined
  let mayWrite = false
  const closed = new AbortController()
  const { signal } = closed
  let next = connect()

  async function connect(): Promise<RecordProducer | undefined> {
    for (let failures = 0; !signal.aborted; ) {
      const producer = createProducer()
      try {
        await producer.connect()
        if (!mayWrite) await assertWritable()
        mayWrite = true
        refusals.allowed()
        connected = producer
        return producer
      } catch (error) {
        void disconnectQuietly(producer)
        if (await wasRefused(error)) continue
        const retryInMs = retryDelayMs(failures++, DELAY)
        log.warn({ error: String(error), retryInMs }, 'Kafka is not reachable')
        await sleep(retryInMs)
      }
    }
    return undefined
  }

  async function wasRefused(error: unknown): Promise<boolean> {
    const refused = await refusals.refused(error, signal)
    if (refused) mayWrite = false
    return refused
  }

  return {
    isConnected: () => connected !== undefined,
    /** Resolves as soon as there is one; with undefined once this was closed. */
    get: () => next,
    /** The producer is not used again. */
    discard(producer: RecordProducer, error: unknown) {
      void disconnectQuietly(producer)
      connected = undefined
      next = wasRefused(error).then(connect)
    },
    /** Connects another one, which knows the partitions that were added. This one is not used again. */
    renew(producer: RecordProducer) {
      next = connect().finally(() => void disconnectQuietly(producer))
    },
    async close() {
      closed.abort()
      if (connected) await Promise.race([disconnectQuietly(connected), sleep(DISCONNECT_WITHIN_MS)])
    },
  }
}

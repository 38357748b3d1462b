import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer } from 'kafkajs'
import type { createTestRandom } from '../../processor/testing/random.ts'
import type { Acknowledged } from './site-load.ts'

interface WriterOptions {
  producer: Producer
  topic: string
  random: ReturnType<typeof createTestRandom>
  /** Events that get conflicts. */
  known: readonly Acknowledged[]
}

const PAUSE_MS = 100

/** Each with bytes of its own: equal ones at equal offsets of both sites would count as one. */
export const GARBAGE = 'no JSON'

/** Writes straight to DataTopic what has no event id of its own: invalid records, and other bodies of known events. */
export function startDirectWriter({ producer, topic, random, known }: WriterOptions) {
  const stopping = new AbortController()

  async function write(): Promise<void> {
    while (!stopping.signal.aborted) {
      const event = known[random.below(known.length)]
      const conflict = event && {
        partition: event.partition,
        key: event.checkout.id,
        value: JSON.stringify({ ...event.checkout, nombre: `Otra ${random.below(1_000_000)}` }),
        headers: { 'event-id': event.eventId, 'received-at': new Date().toISOString() },
      }
      const garbage = { partition: random.below(3), key: null, value: `${GARBAGE} ${random.below(2 ** 31)}` }
      const messages = [garbage, ...(conflict ? [conflict] : [])]
      await producer.send({ topic, messages }).catch(() => undefined)
      await sleep(PAUSE_MS)
    }
  }
  const writing = write()

  return {
    async stop(): Promise<void> {
      stopping.abort()
      await writing
    },
  }
}

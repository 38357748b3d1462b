import { within } from '../../backbone/process/with-timeout.ts'
import type { RecordProducers } from '../../gateway/publish/record-producer.ts'
import { PARTITIONS, type Place, placesOf, record, TIMEOUT_MS } from './setup.ts'

/** Sends like the gateway: after a failure of unknown outcome, with a new producer. */
export async function keepSending(
  producers: RecordProducers,
  acknowledged: (Place & { key: string })[],
  signal: AbortSignal,
): Promise<void> {
  for (let request = 0; !signal.aborted; ) {
    const producer = producers.createProducer()
    try {
      await within(TIMEOUT_MS, producer.connect())
      while (!signal.aborted) {
        const name = request++
        const records = Array.from({ length: 9 }, (_, n) => record(n % PARTITIONS, `${name}-${n}`))
        acknowledged.push(...placesOf(records, await within(TIMEOUT_MS, producer.send(records))))
      }
    } catch {
      // The records in flight may be stored or not; they are not counted.
    }
    void producer.disconnect().catch(() => undefined)
  }
}

import { type Kafka, Partitioners } from 'kafkajs'
import { header } from '../../backbone/records/headers.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'

interface Fill {
  partitions: number
  records: number
  /** Number of the first one: other numbers are other customers and events. */
  from?: number
  /** Share of them with a sampled trace. */
  sampled?: number
}

const RECORDS_A_SEND = 5_000
// Took longer than half an hour.
const SLOW_EVERY = 10

const idOf = (number: number): string => number.toString(16).padStart(24, '0')

export const eventIdOf = (number: number): string => `bench-${idOf(number)}`

/** How many of the first `records` are slow purchases. */
export const slowAmong = (records: number): number => Math.ceil(records / SLOW_EVERY)

/** Plain checkouts of as many customers, spread evenly over the partitions, as other programs write them. */
export async function fillTopic(
  kafka: Kafka,
  topic: string,
  { partitions, records, from = 0, sampled = 0 }: Fill,
): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  for (let first = 0; first < records; first += RECORDS_A_SEND) {
    const messages = Array.from({ length: Math.min(RECORDS_A_SEND, records - first) }, (_, index) => {
      const number = from + first + index
      const id = idOf(number)
      const taps = number % SLOW_EVERY === 0 ? 45 : 17.8
      const isSampled = Math.floor((number + 1) * sampled) > Math.floor(number * sampled)
      const event = {
        [header.eventId]: eventIdOf(number),
        ...(isSampled ? { [header.traceparent]: `00-${id.padStart(32, 'a')}-${'b'.repeat(16)}-01` } : {}),
      }
      const value = JSON.stringify({ ...sampleCheckout, id, taps })
      return { partition: number % partitions, key: id, value, headers: event }
    })
    await producer.send({ topic, acks: -1, messages })
  }
  await producer.disconnect()
}

import { type Kafka, Partitioners } from 'kafkajs'
import { createSeededRandom } from '../../../loadgen/shoppers/seeded-random.ts'
import { createShoppers } from '../../../loadgen/shoppers/shopper.ts'
import { defaultShares } from '../../../loadgen/shoppers/shopper-shares.ts'

const EVERY_MS = 250
// From the store's first program, which joins two names: a purchase with it is still proven.
const SPACED_EMAIL = 'María José.Morris@mail.com'
const GARBAGE = ['no JSON', '{"id":"half', '[]', '{"id":"062292fd7b7e3e688f29418e"}', '{}']

interface ForeignWriterOptions {
  kafka: Kafka
  topic: string
  partitions: number
  seed: number
}

/**
 * Another program that writes to DataTopic directly, without headers: plain checkouts on any partition, some
 * of them twice or with an invalid e-mail address, and garbage. Failed writes are not repeated: the judge
 * reads the topic.
 */
export function startForeignWriter({ kafka, topic, partitions, seed }: ForeignWriterOptions) {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  const shopperOf = createShoppers(seed ^ 0xf0e1, { ...defaultShares, path: 0.2 })
  const randomizer = createSeededRandom()
  randomizer.seed([seed, 0xf0e1])
  const random = () => randomizer.next()
  let written = 0
  let writing: Promise<unknown> = producer.connect()

  async function write(): Promise<void> {
    const number = written++
    const shopper = shopperOf(number)
    const checkout = number % 4 === 1 ? { ...shopper, email: SPACED_EMAIL } : shopper
    const value =
      number % 4 === 3 ? (GARBAGE[Math.floor(random() * GARBAGE.length)] ?? '') : JSON.stringify(checkout)
    const message = { key: shopper.id, value, partition: Math.floor(random() * partitions) }
    await producer.send({ topic, acks: -1, messages: number % 10 === 0 ? [message, message] : [message] })
  }

  const timer = setInterval(() => {
    writing = writing.then(write).catch(() => undefined)
  }, EVERY_MS)

  return {
    async stop(): Promise<void> {
      clearInterval(timer)
      await writing
      await producer.disconnect()
    },
  }
}

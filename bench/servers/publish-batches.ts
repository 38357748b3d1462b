import { setTimeout as sleep } from 'node:timers/promises'
import { header } from '../../backbone/records/headers.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'

export interface PublishRecord {
  key: string
  value: string
  partition: number
  headers: Record<string, string>
}

export interface Publisher {
  /** Resolves when all in-sync replicas have them. */
  send: (topic: string, records: PublishRecord[]) => Promise<void>
  close: () => Promise<void>
}

const PARTITIONS = 6
const MOST_A_SEND = 500
const AGAIN_AFTER_MS = 100

/**
 * Publishes like a gateway: one send in flight, everything due in the next one; after a rejected send a new
 * producer and the same records again. Arguments: brokers, topic, records per second (0: as many as
 * possible), total records. Prints the result in one line.
 */
export async function publishBatches(connect: (brokers: string[]) => Promise<Publisher>): Promise<void> {
  const [brokers = '', topic = '', perSecond = '', count = ''] = process.argv.slice(2)
  const [rate, records] = [Number(perSecond), Number(count)]
  const open = () => connect(brokers.split(','))
  let publisher = await open()
  let [sent, rejected, longestStallMs] = [0, 0, 0]
  const startedAt = performance.now()
  let answeredAt = startedAt
  while (sent < records) {
    const due = rate === 0 ? records : Math.floor((performance.now() - startedAt) * (rate / 1_000))
    const size = Math.min(due, records, sent + MOST_A_SEND) - sent
    if (size <= 0) {
      await sleep(1)
      continue
    }
    const batch = Array.from({ length: size }, (_, index) => recordOf(sent + index))
    try {
      await publisher.send(topic, batch)
      sent += size
      const now = performance.now()
      longestStallMs = Math.max(longestStallMs, now - answeredAt)
      answeredAt = now
    } catch {
      rejected++
      await publisher.close().catch(() => undefined)
      await sleep(AGAIN_AFTER_MS)
      publisher = await reopen(open)
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000
  await publisher.close()
  console.log(JSON.stringify({ perSecond: records / seconds, rejected, longestStallMs }))
  process.exit(0)
}

async function reopen(open: () => Promise<Publisher>): Promise<Publisher> {
  for (;;) {
    try {
      return await open()
    } catch {
      await sleep(AGAIN_AFTER_MS)
    }
  }
}

function recordOf(number: number): PublishRecord {
  const id = number.toString(16).padStart(24, '0')
  const value = JSON.stringify({ ...sampleCheckout, id })
  return { key: id, value, partition: number % PARTITIONS, headers: { [header.eventId]: `bench-${id}` } }
}

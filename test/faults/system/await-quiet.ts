import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'

/** By partition, the lag of the group on a topic, from the offsets that it commits about once a second. */
export async function consumerLag(
  admin: Admin,
  groupId: string,
  topic: string,
): Promise<Map<number, number>> {
  const [ends, [committed]] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ])
  const done = new Map(
    committed?.partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]),
  )
  return new Map(ends.map(({ partition, high }) => [partition, Number(high) - (done.get(partition) ?? 0)]))
}

/** Waits until the lag on the topic is gone; resolves with the milliseconds, or undefined after a timeout. */
export async function awaitNoLag(
  admin: Admin,
  groupId: string,
  topic: string,
  patienceMs: number,
): Promise<number | undefined> {
  const startedAt = Date.now()
  while (Date.now() - startedAt < patienceMs) {
    const lag = await consumerLag(admin, groupId, topic).catch(() => undefined)
    if (lag && [...lag.values()].every((records) => records === 0)) return Date.now() - startedAt
    await sleep(200)
  }
  return undefined
}

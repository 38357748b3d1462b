import type { createTestRandom } from '../processor/testing/random.ts'
import type { TestSystem } from './test-system.ts'

const HOUR_MS = 3_600_000

interface SeedOptions {
  /** One that nobody owns. */
  partition: number
  random: ReturnType<typeof createTestRandom>
  /** Of about one purchase and two visits per second. */
  times?: number
  /** Whether the evenings have a peak. */
  season?: boolean
}

/** Eight days, until the hour before this one. */
export async function seedHistory(
  { topics, produce }: TestSystem,
  { partition, random, times = 1, season = true }: SeedOptions,
): Promise<void> {
  const thisHour = Math.floor(Date.now() / HOUR_MS)
  const messages = Array.from({ length: 8 * 24 }, (_, index) => {
    const hour = thisHour - 1 - index
    const usual = 60 + (season ? 40 * Math.cos((hour / 24) * 2 * Math.PI) : 0)
    const otherPurchases = Array.from({ length: 60 }, () => Math.round(times * (usual + random.below(20))))
    const visits = otherPurchases.map((purchases) => 2 * purchases)
    const sums = { otherPurchases, visits, watched: otherPurchases.map(() => 1) }
    return {
      key: `${topics.data}/${partition}/${new Date(hour * HOUR_MS).toISOString().slice(0, 13)}`,
      value: JSON.stringify({ log: '00000000', through: 1, sums }),
    }
  })
  await produce((producer) => producer.send({ topic: topics.history, messages }))
}

import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import type { Outcome } from '../backbone/outcome.ts'
import { readTopic } from './read-topic.ts'
import { boughtQuickly, didNotBuy } from './sample-checkouts.ts'
import { startSystem, type TestSystem } from './test-system.ts'
import { writeTopic } from './write-topic.ts'

let system: TestSystem

beforeAll(async () => {
  system = await startSystem({ brokers: inject('kafkaBrokers'), processors: 1 })
})
afterAll(() => system.stop())

const outcomes = async () => {
  const response = await fetch(
    `${system.processors[0]?.url}/notifications?kind=quick,slow,none,unverified,invalid`,
  )
  return ((await response.json()) as { items: Outcome[] }).items
}

test('records of another client, without headers and in any partition, are classified; garbage is a dead letter', async () => {
  const lines = [
    JSON.stringify(boughtQuickly),
    'not JSON at all',
    JSON.stringify(didNotBuy),
    JSON.stringify({ ...boughtQuickly, edad: 131, folio: 'nonsense' }),
    JSON.stringify({ ...boughtQuickly, folio: 'AAA-0001', taps: '45' }),
  ]
  await writeTopic(system.brokers, system.topics.data, lines)

  const items = await vi.waitFor(
    async () => {
      const all = await outcomes()
      expect(all).toHaveLength(lines.length)
      return all
    },
    { timeout: 20_000 },
  )
  expect(items.map(({ kind }) => kind).toSorted()).toEqual(['invalid', 'invalid', 'none', 'quick', 'slow'])

  const letters = await readTopic(system.brokers, system.topics.deadLetter)
  expect(letters.map(({ value }) => value).toSorted()).toEqual(
    lines.filter((_, i) => i === 1 || i === 3).toSorted(),
  )
  const reasons = letters.map(({ headers }) => headers).join('\n')
  expect(reasons).toContain('reason:not JSON')
  expect(reasons).toMatch(/reason:invalid checkout: \/edad .*\/folio /)
  expect(reasons).not.toContain('nonsense')
})

test.each(['gzip', 'snappy', 'lz4', 'zstd'])(
  'so are records that were sent compressed with %s',
  async (codec) => {
    const folio = `${codec.slice(0, 3).toUpperCase().replace(/\d/, 'X')}-0001`
    await writeTopic(system.brokers, system.topics.data, [JSON.stringify({ ...boughtQuickly, folio })], codec)
    await vi.waitFor(
      async () => {
        const all = await outcomes()
        expect(all.filter(({ checkout }) => checkout?.folio === folio)).toHaveLength(1)
      },
      { timeout: 20_000 },
    )
  },
)

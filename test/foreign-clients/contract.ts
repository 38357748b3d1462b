import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { readTopic, type TopicRecord } from '../read-topic.ts'
import type { TestSystem } from '../test-system.ts'
import { useSystem } from '../use-system.ts'
import { type ClientProgram, type Codec, type Position, produce, read } from './client-program.ts'
import {
  type Expected,
  type ExpectedBatch,
  plainBatch,
  repeatedBatch,
  transactions,
  variedBatch,
} from './sent-records.ts'
import { storeAsProduced } from './store-as-produced.ts'

export interface ForeignClient extends ClientProgram {
  name: string
  /** Those that the client can write; `none` is among them. */
  codecs: Codec[]
  /** It sends nothing but the JSON of checkouts. */
  isPlain?: boolean
  hasTransactions: boolean
  /** It can read committed records only. */
  readsCommitted: boolean
}

const PATIENCE = { timeout: 120_000, interval: 200 }

/**
 * What each record becomes that a client of another language writes, and whether that client reads what becomes of them.
 */
export function testForeignClients(clients: ForeignClient[]): void {
  const system = useSystem({ processors: 1 })
  beforeAll(() => storeAsProduced(system()))

  describe.each(clients)('$name', (client) => {
    test('each of its records becomes one outcome, and it reads the outcomes', async () => {
      const { brokers, topics } = system()
      const batches = batchesOf(client)
      const stored = await produce(client, brokers, topics.data, batches)
      const sent = batches.flatMap(({ expected }, i) => join(expected, stored[i] ?? []))

      const outcomes = await outcomesOf(system(), sent)
      for (const { position, expected } of sent) expectOutcome(outcomes, position, expected)
      expectDeadLetters(await readTopic(brokers, topics.deadLetter), batches, sent, topics.data)
      if (client.readsCommitted) await expectReads(client, system())
    }, 300_000)
  })
}

function batchesOf({ isPlain, codecs, hasTransactions }: ForeignClient): ExpectedBatch[] {
  if (isPlain) return codecs.map(plainBatch)
  const batches = [...codecs.map(variedBatch), repeatedBatch()]
  return hasTransactions ? [...batches, ...codecs.flatMap(transactions)] : batches
}

interface Sent {
  position: Position
  expected: Expected
}

function join(expected: Expected[], positions: Position[]): Sent[] {
  expect(positions).toHaveLength(expected.length)
  return expected.map((each, i) => ({ expected: each, position: positions[i] as Position }))
}

const isAt =
  ({ partition, offset }: Position) =>
  ({ source }: Outcome): boolean =>
    source.partition === partition && source.offset === offset

/** All outcomes, once those that are expected are among them. */
const outcomesOf = ({ brokers, topics }: TestSystem, sent: Sent[]): Promise<Outcome[]> =>
  vi.waitFor(async () => {
    const records = await readTopic(brokers, topics.notifications)
    const outcomes = records
      .filter(({ value }) => value !== 'null')
      .map(({ value }) => JSON.parse(value) as Outcome)
    const missing = sent.filter(({ position, expected }) => {
      const isExpected = expected !== 'aborted' && expected !== 'repetition'
      return isExpected && !outcomes.some(isAt(position))
    })
    expect(missing).toEqual([])
    return outcomes
  }, PATIENCE)

function expectOutcome(outcomes: Outcome[], position: Position, expected: Expected): void {
  const found = outcomes.filter(isAt(position))
  if (expected === 'aborted' || expected === 'repetition') expect(found).toEqual([])
  else if (expected.kind === 'invalid') expect(found).toMatchObject([{ kind: 'invalid', checkout: null }])
  else expect(found).toMatchObject([expected])
}

function expectDeadLetters(
  letters: TopicRecord[],
  batches: ExpectedBatch[],
  sent: Sent[],
  topic: string,
): void {
  const records = batches.flatMap((batch) => batch.records)
  for (const [i, { position, expected }] of sent.entries()) {
    const source = `source:${topic}/${position.partition}/${position.offset}`
    const found = letters.filter(({ headers }) => headers.split(',').includes(source))
    if (typeof expected !== 'object' || expected.kind !== 'invalid') {
      expect(found).toEqual([])
      continue
    }
    const { key = null, value = null, headers = [] } = records[i] ?? {}
    expect(found).toMatchObject([{ key: String(key), value: String(value) }])
    expect(found[0]?.headers).toContain(`reason:${expected.reason}`)
    for (const [name, content] of headers) {
      if (name !== 'constructor') expect(found[0]?.headers).toContain(`${name}:${String(content ?? '')}`)
    }
  }
}

/** What it reads of each topic is what another client reads. */
async function expectReads(client: ForeignClient, { brokers, topics }: TestSystem): Promise<void> {
  const names = [topics.data, topics.deadLetter, topics.followUp, topics.notifications]
  const expected = await Promise.all(names.map((topic) => readTopic(brokers, topic)))
  const counts = Object.fromEntries(names.map((topic, i) => [topic, expected[i]?.length ?? 0]))
  const found = await read(client, brokers, counts)
  for (const [i, name] of names.entries()) {
    const records = found.filter(({ topic }) => topic === name)
    expect(records.map(inText).toSorted()).toEqual(expected[i]?.map(inText).toSorted())
  }
}

const inText = ({ partition, offset, key, value, headers }: Omit<TopicRecord, 'timestamp'>): string =>
  [partition, offset, key, value, headers].join('\t')

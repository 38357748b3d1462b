import { expect } from 'vitest'
import { readTopic, type TopicRecord } from '../read-topic.ts'
import { countedOutcomes } from './counted-outcomes.ts'
import { GARBAGE } from './direct-writer.ts'

export const eventIdIn = ({ headers }: TopicRecord): string | undefined =>
  /(?:^|,)event-id:([^,]+)/.exec(headers)?.[1]

interface Rejections {
  records: number
  copied: number
  own: number
}

/**
 * Every event that a cluster has in DataTopic has exactly one outcome there, whichever site decided on it, and every conflict
 * and invalid record one of its own. Resolves with the ids of the outcomes. Until DataTopic is copied completely
 * (`isComplete`), there may be outcomes whose record is still missing.
 */
export async function expectEachOnce(brokers: string[], isComplete: boolean): Promise<string[]> {
  const data = await readTopic(brokers, 'DataTopic')
  const { counted } = countedOutcomes(await readTopic(brokers, 'Notifications'))
  const byId = Map.groupBy(counted, ({ outcome }) => outcome.eventId)
  expect([...byId].filter(([, outcomes]) => outcomes.length !== 1).map(([eventId]) => eventId)).toEqual([])

  const events = Map.groupBy(
    data.filter((record) => eventIdIn(record) !== undefined),
    (record) => eventIdIn(record) ?? '',
  )
  expect([...events.keys()].filter((eventId) => !byId.has(eventId))).toEqual([])

  const rejections = new Map<string, Rejections>()
  const rejectionOf = (name: string): Rejections => {
    const known = rejections.get(name) ?? { records: 0, copied: 0, own: 0 }
    rejections.set(name, known)
    return known
  }
  for (const { outcome, isCopied } of counted.filter(({ outcome: { kind } }) => kind === 'invalid')) {
    const event = /^(.+)-conflict-/.exec(outcome.eventId)?.[1]
    rejectionOf(event ?? GARBAGE)[isCopied ? 'copied' : 'own']++
  }
  for (const record of data) {
    const eventId = eventIdIn(record)
    const decided = byId.get(eventId ?? '')?.[0]?.outcome.checkout
    if (eventId === undefined) rejectionOf(GARBAGE).records++
    else if (nameIn(record) !== decided?.nombre) rejectionOf(eventId).records++
  }
  const wrong = [...rejections].filter(([, { records, copied, own }]) =>
    isComplete ? records !== copied + own : records < own || records > copied + own,
  )
  expect(wrong).toEqual([])
  return [...byId.keys()]
}

/** In these tests, bodies of one event differ in the name. */
const nameIn = ({ value }: TopicRecord) => (JSON.parse(value) as { nombre: string }).nombre

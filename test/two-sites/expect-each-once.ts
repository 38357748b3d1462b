import { expect } from 'vitest'
import { readTopic, type TopicRecord } from '../read-topic.ts'
import { countedOutcomes } from './counted-outcomes.ts'
import { GARBAGE } from './direct-writer.ts'

export const eventIdIn = ({ headers }: TopicRecord): string | undefined =>
  /(?:^|,)event-id:([^,]+)/.exec(headers)?.[1]

interface Rejections {
  /** A conflict that was forwarded to another partition is one record, and may be reported in both. */
  records: Set<string>
  places: number
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
    const known = rejections.get(name) ?? { records: new Set(), places: 0, copied: 0, own: 0 }
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
    if (eventId !== undefined && nameIn(record) === decided?.nombre) continue
    const rejection = rejectionOf(eventId ?? GARBAGE)
    rejection.records.add(`${record.headers} ${record.value}`)
    rejection.places++
  }
  const wrong = [...rejections].filter(
    ([, { records, places, copied, own }]) =>
      records.size > copied + own || places < (isComplete ? copied + own : own),
  )
  expect(wrong).toEqual([])
  return [...byId.keys()]
}

/** In these tests, bodies of one event differ in the name. */
const nameIn = ({ value }: TopicRecord) => (JSON.parse(value) as { nombre: string }).nombre

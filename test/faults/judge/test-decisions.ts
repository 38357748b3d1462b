import { headerText } from '../../../backbone/records/headers.ts'
import { type DecidedEvent, decideOutcome } from '../../../processor/classify/decide-outcome.ts'
import { builtInMessages } from '../../../processor/testing/messages.ts'
import type { LoggedRecord } from './logged-record.ts'

export const testTopics = {
  data: 'DataTopic',
  notifications: 'Notifications',
  deadLetter: 'DataTopic.dead-letter',
  followUp: 'FollowUp',
}
export const testPartitions = 3
export const testBeginning = Date.UTC(2026, 10, 30)

/** The decisions of the product's own rules on the records, in logs like those of its transactions. */
export function decideAll(data: LoggedRecord[], later: number, deadLetters: LoggedRecord[]): LoggedRecord[] {
  const notifications: LoggedRecord[] = []
  const bodies = new Map<string, DecidedEvent>()
  const rules = {
    homes: [testPartitions],
    topic: testTopics.data,
    longestPlausibleMinutes: 10_080,
    messages: builtInMessages,
  }
  const nextOffset = new Map<number, number>()
  const append = (partition: number, key: string, value: string, headers: Map<string, string>) => {
    // Every other offset is a transaction marker.
    const offset = nextOffset.get(partition) ?? 0
    nextOffset.set(partition, offset + 2)
    const timestamp = testBeginning + later + notifications.length
    notifications.push({ partition, offset, timestamp, key, value, headers })
  }

  for (let partition = 0; partition < testPartitions; partition++) {
    append(partition, 'null', 'null', new Map([['claim', 'processor-1']]))
  }
  for (const { partition, offset, timestamp, key, value, headers } of data) {
    const message = {
      key: Buffer.from(key),
      value: Buffer.from(value),
      headers: Object.fromEntries(headers),
      offset: String(offset),
      timestamp: String(timestamp),
      attributes: 0,
    }
    const now = () => new Date(testBeginning + later + notifications.length)
    const { outcome, canonical, deadLetter } = decideOutcome(
      message,
      partition,
      rules,
      (id) => bodies.get(id),
      now,
    )
    if (!outcome) continue
    bodies.set(outcome.eventId, { canonical: canonical ?? '', source: outcome.source })
    append(partition, outcome.eventId, JSON.stringify(outcome), new Map([['log', 'a1b2']]))
    if (!deadLetter) continue
    const added = new Map(
      Object.keys(deadLetter.headers).map((name) => [name, headerText(deadLetter.headers, name) ?? '']),
    )
    deadLetters.push({ partition: 0, offset: deadLetters.length, timestamp, key, value, headers: added })
  }
  return notifications
}

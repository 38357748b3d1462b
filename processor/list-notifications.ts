import { setImmediate } from 'node:timers/promises'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { NotificationsQuery } from './notifications-query.ts'
import type { OutcomeView } from './outcome-view.ts'
import { cursorAt, earliest, latest, resumeCursor } from './resume-cursor.ts'

const COMMA = Buffer.from(',')

/**
 * One page as JSON: `{items, next}`, and `gap` when the cursor is older than what is kept. A page with fewer items than
 * asked for is the last one there is now; its `next` goes on where it ended, here or as a stream.
 */
export async function listNotifications(view: OutcomeView, query: NotificationsQuery): Promise<Uint8Array> {
  const { filter, limit, cursor, from } = query
  const partitions = view.partitions()
  const start = cursor === undefined ? undefined : resumeCursor(decodeCursor(cursor), partitions)
  let next = start?.next ?? (from === 'now' ? latest(partitions) : earliest(partitions))

  const items: Uint8Array[] = []
  for (;;) {
    const page = view.after(next, filter, limit - items.length)
    for (const { json } of page.records) items.push(json)
    next = page.next
    if (page.end || items.length === limit) break
    await setImmediate()
  }

  const gap = start && start.gaps.length > 0 ? `,"gap":${JSON.stringify(start.gaps)}` : ''
  const tail = `],"next":${JSON.stringify(encodeCursor(cursorAt(next, partitions)))}${gap}}`
  const separated = items.flatMap((item, index) => (index === 0 ? [item] : [COMMA, item]))
  return Buffer.concat([Buffer.from('{"items":['), ...separated, Buffer.from(tail)])
}

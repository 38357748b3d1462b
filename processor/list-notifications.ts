import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts'
import type { Present } from './mask-outcome.ts'
import type { NotificationsQuery } from './notifications-query.ts'
import type { OutcomeView } from './outcome-view.ts'
import { earliest, type Gap, latest, resumeCursor } from './resume-cursor.ts'

const COMMA = Buffer.from(',')

/**
 * One page as JSON: `{items, next}`, and `gap` when the cursor is older than what is kept. A page with fewer items than
 * asked for is the last one there is now; its `next` goes on where it ended, here or as a stream. Read a piece in each `turn`.
 */
export async function listNotifications(
  view: OutcomeView,
  query: NotificationsQuery,
  present: Present,
  turn: () => Promise<void>,
): Promise<Uint8Array> {
  const { filter, limit, cursor, from } = query
  let place: Cursor =
    cursor === undefined ? (from === 'now' ? latest : earliest)(view.partitions()) : decodeCursor(cursor)

  const items: Uint8Array[] = []
  const gaps: Gap[] = []
  for (;;) {
    await turn()
    const { next, logs, gaps: missing } = resumeCursor(place, view.partitions())
    gaps.push(...missing)
    const page = view.after(next, filter, limit - items.length)
    for (const { json } of page.records) items.push(present(json))
    place = { next: page.next, logs }
    if (page.end || items.length === limit) break
  }

  const gap = gaps.length > 0 ? `,"gap":${JSON.stringify(gaps)}` : ''
  const tail = `],"next":${JSON.stringify(encodeCursor(place))}${gap}}`
  const separated = items.flatMap((item, index) => (index === 0 ? [item] : [COMMA, item]))
  return Buffer.concat([Buffer.from('{"items":['), ...separated, Buffer.from(tail)])
}

import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts'
import { bodyOf, itemsJson } from './page-body.ts'
import type { Reading } from './reading.ts'
import { earliest, type Gap, latest, resumeCursor } from './resume-cursor.ts'

/**
 * One page as JSON, oldest first: `{items, next}`, and `gap` if the cursor is older than the log. A page with
 * fewer items than the limit is the last one for now; `next` continues after it, as a page or as a stream. One
 * piece is read after each `schedule` and passed to `onSent`, until the client disconnects. Rejects with
 * `invalid-request` for an invalid cursor.
 */
export const listNotifications = (reading: Reading) => bodyOf(readPage(reading))

async function* readPage({
  readModel,
  query,
  present,
  schedule,
  onSent,
  disconnected,
}: Reading): AsyncGenerator<Uint8Array> {
  const { filter, limit, cursor, from } = query
  let place: Cursor =
    cursor === undefined ? (from === 'now' ? latest : earliest)(readModel.partitions()) : decodeCursor(cursor)

  yield Buffer.from('{"items":[')
  let items = 0
  const gaps: Gap[] = []
  for (;;) {
    await schedule()
    if (disconnected.aborted) return
    const { next, logs, gaps: missing } = resumeCursor(place, readModel.partitions())
    gaps.push(...missing)
    const page = readModel.after(next, filter, limit - items)
    onSent(page.records)
    yield itemsJson(page.records, items, present)
    items += page.records.length
    place = { next: page.next, logs }
    if (page.end || items === limit) break
  }

  const gap = gaps.length > 0 ? `,"gap":${JSON.stringify(gaps)}` : ''
  yield Buffer.from(`],"next":${JSON.stringify(encodeCursor(place))}${gap}}`)
}

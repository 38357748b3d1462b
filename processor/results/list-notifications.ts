import type { OutcomeStore } from '../read-model/outcome-store.ts'
import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts'
import type { Present } from './mask-outcome.ts'
import type { OutcomesQuery } from './outcomes-query.ts'
import { bodyOf, itemsJson } from './page-body.ts'
import { earliest, type Gap, latest, resumeCursor } from './resume-cursor.ts'

/**
 * One page as JSON, oldest first: `{items, next}`, and `gap` if the cursor is older than the log. A page with
 * fewer items than the limit is the last one for now; `next` continues after it, as a page or as a stream. One
 * piece is read after each `schedule`, until the client disconnects. Rejects with `invalid-request` for an invalid cursor.
 */
export const listNotifications = (...asked: Parameters<typeof readPage>) => bodyOf(readPage(...asked))

async function* readPage(
  readModel: OutcomeStore,
  query: OutcomesQuery,
  present: Present,
  schedule: () => Promise<void>,
  disconnected: AbortSignal,
): AsyncGenerator<Uint8Array> {
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
    yield itemsJson(page.records, items, present)
    items += page.records.length
    place = { next: page.next, logs }
    if (page.end || items === limit) break
  }

  const gap = gaps.length > 0 ? `,"gap":${JSON.stringify(gaps)}` : ''
  yield Buffer.from(`],"next":${JSON.stringify(encodeCursor(place))}${gap}}`)
}

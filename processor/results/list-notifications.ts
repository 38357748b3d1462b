import type { OutcomeStore } from '../read-model/outcome-store.ts'
import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts'
import type { Present } from './mask-outcome.ts'
import type { NotificationsQuery } from './notifications-query.ts'
import { earliest, type Gap, latest, resumeCursor } from './resume-cursor.ts'

const COMMA = Buffer.from(',')
// More than the largest page of usual outcomes. A page of a thousand large ones would have a hundred times as
// much.
const MOST_AT_ONCE_BYTES = 1024 * 1024

/**
 * One page as JSON: `{items, next}`, and `gap` if the cursor is older than the log. A page with fewer items
 * than the limit is the last one for now; `next` continues after it, as a page or as a stream. One piece is
 * read after each `schedule`. A page that is too large for memory is streamed at its reader's pace. Rejects
 * with `invalid-request` for an invalid cursor.
 */
export async function listNotifications(
  ...asked: Parameters<typeof readPage>
): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  const pieces = readPage(...asked)
  const read: Uint8Array[] = []
  let bytes = 0
  for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
    read.push(piece.value)
    bytes += piece.value.length
    if (bytes > MOST_AT_ONCE_BYTES) return streamOf(Buffer.concat(read), pieces)
  }
  return Buffer.concat(read)
}

function streamOf(begin: Uint8Array, rest: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(begin),
      async pull(controller) {
        const piece = await rest.next()
        if (piece.done) controller.close()
        else controller.enqueue(piece.value)
      },
    },
    { highWaterMark: 0 },
  )
}

async function* readPage(
  readModel: OutcomeStore,
  query: NotificationsQuery,
  present: Present,
  schedule: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const { filter, limit, cursor, from } = query
  let place: Cursor =
    cursor === undefined ? (from === 'now' ? latest : earliest)(readModel.partitions()) : decodeCursor(cursor)

  yield Buffer.from('{"items":[')
  let items = 0
  const gaps: Gap[] = []
  for (;;) {
    await schedule()
    const { next, logs, gaps: missing } = resumeCursor(place, readModel.partitions())
    gaps.push(...missing)
    const page = readModel.after(next, filter, limit - items)
    yield Buffer.concat(
      page.records.flatMap(({ json }) => (items++ === 0 ? [present(json)] : [COMMA, present(json)])),
    )
    place = { next: page.next, logs }
    if (page.end || items === limit) break
  }

  const gap = gaps.length > 0 ? `,"gap":${JSON.stringify(gaps)}` : ''
  yield Buffer.from(`],"next":${JSON.stringify(encodeCursor(place))}${gap}}`)
}

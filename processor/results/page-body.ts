import type { ServedRecord } from '../read-model/record.ts'
import type { Present } from './mask-outcome.ts'

const COMMA = Buffer.from(',')
// More than the largest page of usual outcomes. A page of a thousand large ones would have a hundred times as
// much.
const MOST_AT_ONCE_BYTES = 1024 * 1024
const BEGIN_WITHIN_MS = 1_000
const SILENT_MS = 5_000
// Between the items of a list it means nothing.
const SPACE = Buffer.from(' ')

/** The JSON of items in a list that has `before` items already. */
export const itemsJson = (records: readonly ServedRecord[], before: number, present: Present): Buffer =>
  Buffer.concat(
    records.flatMap((record, index) => (before + index === 0 ? [present(record)] : [COMMA, present(record)])),
  )

/**
 * A body of pieces. One that is too large for memory is streamed at its reader's pace, and so is one whose matches are
 * rare: a gateway waits for the beginning of an answer for ten seconds, and for more of it for 40.
 */
export async function bodyOf(
  pieces: AsyncGenerator<Uint8Array>,
): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  const read: Uint8Array[] = []
  let bytes = 0
  const beganAt = performance.now()
  for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
    read.push(piece.value)
    bytes += piece.value.length
    const isSlow = performance.now() - beganAt >= BEGIN_WITHIN_MS
    if (bytes > MOST_AT_ONCE_BYTES || isSlow) return streamOf(Buffer.concat(read), pieces)
  }
  return Buffer.concat(read)
}

function streamOf(begin: Uint8Array, rest: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(begin),
      async pull(controller) {
        const piece = await nextOf(rest)
        if (piece === undefined) controller.close()
        else controller.enqueue(piece)
      },
    },
    { highWaterMark: 0 },
  )
}

/** The next piece that is not empty, or white space while there is none; undefined at the end. */
async function nextOf(pieces: AsyncGenerator<Uint8Array>): Promise<Uint8Array | undefined> {
  const beganAt = performance.now()
  for (;;) {
    const { done, value } = await pieces.next()
    if (done) return undefined
    if (value.length > 0) return value
    if (performance.now() - beganAt >= SILENT_MS) return SPACE
  }
}

import type { ServedRecord } from '../read-model/record.ts'
import type { Present } from './mask-outcome.ts'

const COMMA = Buffer.from(',')
// More than the largest page of usual outcomes. A page of a thousand large ones would have a hundred times as
// much.
const MOST_AT_ONCE_BYTES = 1024 * 1024

/** The JSON of items in a list that has `before` items already. */
export const itemsJson = (records: readonly ServedRecord[], before: number, present: Present): Buffer =>
  Buffer.concat(
    records.flatMap((record, index) => (before + index === 0 ? [present(record)] : [COMMA, present(record)])),
  )

/** A body of pieces. One that is too large for memory is streamed at its reader's pace. */
export async function bodyOf(
  pieces: AsyncGenerator<Uint8Array>,
): Promise<Uint8Array | ReadableStream<Uint8Array>> {
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

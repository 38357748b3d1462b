/** Splits a stream of chunks at a byte that does not occur within a piece, and buffers at most one piece. */
export async function splitBytes(
  chunks: AsyncIterable<Uint8Array>,
  separator: number,
  onPiece: (piece: Buffer) => void,
): Promise<void> {
  let begun: Buffer[] = []
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let start = 0
    for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
      const rest = bytes.subarray(start, end)
      onPiece(begun.length > 0 ? Buffer.concat([...begun, rest]) : rest)
      begun = []
      start = end + 1
    }
    if (start < bytes.length) begun.push(bytes.subarray(start))
  }
  if (begun.length > 0) onPiece(Buffer.concat(begun))
}

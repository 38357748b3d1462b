import { createReadStream } from 'node:fs'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const BYTE_ORDER_MARK = Buffer.from('\uFEFF')
// Far more than a gateway accepts. A file without line breaks must not be read into memory.
const MAX_LINE_BYTES = 1 << 20

/**
 * Calls `take` with each line that is not blank, without its line break, and its number in the file. The
 * buffer is reused: copy what must be kept. `node:readline` also breaks at U+2028, which JSON allows in a
 * text.
 */
export async function readLines(path: string, take: (line: Buffer, number: number) => void): Promise<void> {
  let number = 0
  let rest: Buffer = Buffer.alloc(0)

  function takeLine(bytes: Buffer) {
    number++
    const marked = number === 1 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    const from = marked ? BYTE_ORDER_MARK.length : 0
    const line = bytes.subarray(from, bytes.at(-1) === CARRIAGE_RETURN ? -1 : undefined)
    if (line.some((byte) => byte > SPACE)) take(line, number)
  }

  for await (const piece of createReadStream(path, { highWaterMark: MAX_LINE_BYTES })) {
    const bytes: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      takeLine(bytes.subarray(start, end))
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > MAX_LINE_BYTES) throw new Error(`line ${number + 1} is longer than a mebibyte`)
  }
  if (rest.length > 0) takeLine(rest)
}

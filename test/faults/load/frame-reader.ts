export interface StreamFrame {
  event: string
  /** Undefined if the frame has none: the last id stays valid. */
  id: string | undefined
  /** Undefined if the frame is not an event; our streams have no such frames. */
  data: Buffer | undefined
}

const BLANK_LINE = Buffer.from('\n\n')
const LINE_FEED = 0x0a
const COLON = 0x3a
const SPACE = 0x20

/**
 * Parses an event stream (WHATWG HTML, 9.2.6) from bytes in pieces of any size. It only supports LF as the
 * line break, as in our streams, and does not decode the data: twenty subscribers must cost almost nothing.
 */
export function createFrameReader(onFrame: (frame: StreamFrame) => void) {
  let rest: Buffer = Buffer.alloc(0)

  return {
    read(piece: Buffer) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      let start = 0
      for (let end = bytes.indexOf(BLANK_LINE); end >= 0; end = bytes.indexOf(BLANK_LINE, start)) {
        onFrame(parseFrame(bytes.subarray(start, end + 1)))
        start = end + BLANK_LINE.length
      }
      rest = bytes.subarray(start)
    },
    isMidFrame: () => rest.length > 0,
  }
}

function parseFrame(bytes: Buffer): StreamFrame {
  const frame: StreamFrame = { event: 'message', id: undefined, data: undefined }
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start)
    readField(bytes.subarray(start, end), frame)
    start = end + 1
  }
  return frame
}

function readField(line: Buffer, frame: StreamFrame) {
  const colon = line.indexOf(COLON)
  const name = line.toString('latin1', 0, colon < 0 ? line.length : colon)
  const value = colon < 0 ? line.subarray(line.length) : valueAfter(line, colon)
  if (name === 'event') frame.event = value.toString()
  else if (name === 'id') frame.id = value.toString()
  else if (name === 'data') {
    frame.data = frame.data === undefined ? value : Buffer.concat([frame.data, BLANK_LINE.subarray(1), value])
  }
}

const valueAfter = (line: Buffer, colon: number) =>
  line.subarray(line[colon + 1] === SPACE ? colon + 2 : colon + 1)

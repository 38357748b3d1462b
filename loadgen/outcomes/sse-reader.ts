import { RequestError } from '../sending/request-error.ts'

const MAX_FRAME = 4 * 1024 * 1024

export interface SseFrame {
  event: string
  /** Undefined if the frame has none: the last id stays valid. */
  id: string | undefined
  /** Undefined in a frame that is not an event but has an id or a `retry`. npm's parsers skip such frames. */
  data: string | undefined
  retry: number | undefined
}

const LINE = /\r\n|\n|\r/
const FIELD = /^([^:]+)(?::[ ]?(.*))?$/s

/**
 * Parses an event stream (WHATWG HTML, 9.2.6) from text in pieces of any size. Throws if a frame has no end.
 */
export function createSseReader(onFrame: (frame: SseFrame) => void): (text: string) => void {
  let rest = ''
  let fields = new Map<string, string>()
  let held = 0

  return (text) => {
    rest += text
    // A CR at the end may be the first half of CR LF.
    const end = rest.endsWith('\r') ? rest.length - 1 : rest.length
    const lines = rest.slice(0, end).split(LINE)
    rest = (lines.pop() ?? '') + rest.slice(end)

    for (const line of lines) {
      if (line === '') {
        if (fields.size > 0) onFrame(toFrame(fields))
        fields = new Map()
        held = 0
        continue
      }
      held += line.length
      const [, name, value = ''] = FIELD.exec(line) ?? []
      if (name === undefined) continue
      const before = name === 'data' ? fields.get('data') : undefined
      fields.set(name, before === undefined ? value : `${before}\n${value}`)
    }
    if (held + rest.length > MAX_FRAME)
      throw new RequestError('malformed answer', `a frame of more than ${MAX_FRAME} characters`)
  }
}

function toFrame(fields: ReadonlyMap<string, string>): SseFrame {
  const retry = fields.get('retry')
  return {
    event: fields.get('event') ?? 'message',
    id: fields.get('id'),
    data: fields.get('data'),
    retry: retry !== undefined && /^\d+$/.test(retry) ? Number(retry) : undefined,
  }
}

interface Frame {
  /** Milliseconds before a client reconnects. */
  retry?: number
  event: string
  id: string
  /** JSON of this service, which has no line breaks. */
  data: Uint8Array
}

const encoder = new TextEncoder()
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * One frame of an event stream (WHATWG HTML, 9.2). Each has an id and data: for a frame without data many
 * clients do not keep the id, and others call the handler of their user. The id is last: npm's
 * `@microsoft/fetch-event-source` stores it when it has read that line, and would miss an event of which a
 * lost connection delivered only the beginning. Throws a RangeError for a field with a line break, which
 * would end the field and could inject another one.
 */
export function sseFrame({ retry, event, data, id }: Frame): Uint8Array {
  if (data.includes(LINE_FEED) || data.includes(CARRIAGE_RETURN))
    throw new RangeError('line break in the data')
  if (/[\r\n]/.test(event + id)) throw new RangeError('line break in the event or the id')
  const head = `${retry === undefined ? '' : `retry: ${retry}\n`}event: ${event}\ndata: `
  return Buffer.concat([encoder.encode(head), data, encoder.encode(`\nid: ${id}\n\n`)])
}

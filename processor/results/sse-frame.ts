interface Frame {
  /** Milliseconds until a reader reconnects. */
  retry?: number
  event: string
  id: string
  /** JSON as this service makes it, which has no line breaks. */
  data: Uint8Array
}

const encoder = new TextEncoder()
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * One frame of an event stream (WHATWG HTML, 9.2). Each has an id and data: of frames without data many clients do not keep
 * the id, and others hand them to their user's handler. The id is last: npm's `@microsoft/fetch-event-source` keeps it as soon as it
 * has read that line, and would miss an event of which a lost connection has left only the beginning. Throws a RangeError for
 * a field with a line break: it would end the field, and start another of the writer's choice.
 */
export function sseFrame({ retry, event, data, id }: Frame): Uint8Array {
  if (data.includes(LINE_FEED) || data.includes(CARRIAGE_RETURN))
    throw new RangeError('line break in the data')
  if (/[\r\n]/.test(event + id)) throw new RangeError('line break in the event or the id')
  const head = `${retry === undefined ? '' : `retry: ${retry}\n`}event: ${event}\ndata: `
  return Buffer.concat([encoder.encode(head), data, encoder.encode(`\nid: ${id}\n\n`)])
}

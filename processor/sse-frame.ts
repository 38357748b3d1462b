interface Frame {
  event?: string
  id?: string
  retry?: number
  /** JSON as this service makes it, which has no line breaks. */
  data?: Uint8Array
}

const encoder = new TextEncoder()
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * One frame of an event stream (WHATWG HTML, 9.2). Without `data` a browser stores the id and dispatches nothing.
 * Throws a RangeError for a field with a line break: it would end the field, and start another of the writer's choice.
 */
export function sseFrame({ data, ...fields }: Frame): Uint8Array {
  if (data?.includes(LINE_FEED) || data?.includes(CARRIAGE_RETURN))
    throw new RangeError('line break in the data')
  let head = ''
  for (const [name, value] of Object.entries(fields)) {
    if (/[\r\n]/.test(String(value))) throw new RangeError(`line break in the field ${name}`)
    head += `${name}: ${value}\n`
  }
  if (data === undefined) return encoder.encode(`${head}\n`)
  return Buffer.concat([encoder.encode(`${head}data: `), data, encoder.encode('\n\n')])
}

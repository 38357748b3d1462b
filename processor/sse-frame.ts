interface Frame {
  event?: string
  id?: string
  data?: string
  retry?: number
}

/**
 * One frame of an event stream (WHATWG HTML, 9.2). Without `data` a browser stores the id and dispatches nothing.
 * Throws a RangeError for a field with a line break: it would end the field, and start another of the writer's choice.
 */
export function sseFrame({ event, id, data, retry }: Frame): string {
  const fields = Object.entries({ retry, id, event, data }).filter(([, value]) => value !== undefined)
  for (const [name, value] of fields) {
    if (/[\r\n]/.test(String(value))) throw new RangeError(`line break in the field ${name}`)
  }
  return `${fields.map(([name, value]) => `${name}: ${value}\n`).join('')}\n`
}

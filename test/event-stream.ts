export interface StreamEvent {
  event: string
  id: string
  data: string
}

/**
 * A stream for a reader that listens for all events except `checkpoint`, of which only the id is kept (WHATWG
 * HTML, 9.2.6).
 */
export function openEventStream(
  url: string,
  lastEventId: string | undefined,
  credential: Record<string, string> = {},
) {
  const abort = new AbortController()
  let lastId = lastEventId

  async function* events(): AsyncGenerator<StreamEvent> {
    const headers = {
      ...credential,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    }
    const response = await fetch(url, { headers, signal: abort.signal })
    if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`)
    const decoder = new TextDecoder()
    let buffer = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      buffer += decoder.decode(chunk, { stream: true })
      const frames = buffer.split('\n\n')
      buffer = frames.pop() ?? ''
      for (const frame of frames) {
        const fields = new Map(
          frame
            .split('\n')
            .map((line): [string, string] => [
              line.slice(0, line.indexOf(': ')),
              line.slice(line.indexOf(': ') + 2),
            ]),
        )
        lastId = fields.get('id') ?? lastId
        const { event = 'message', data } = Object.fromEntries(fields)
        if (data !== undefined && event !== 'checkpoint') yield { event, id: lastId ?? '', data }
      }
    }
  }

  return { events, lastId: () => lastId, cut: () => abort.abort() }
}

/** Reads until `enough` returns true, then cuts the stream; resolves with the id to resume from. */
export async function readStream(
  url: string,
  lastEventId: string | undefined,
  enough: (event: StreamEvent) => boolean,
): Promise<string | undefined> {
  const stream = openEventStream(url, lastEventId)
  try {
    for await (const event of stream.events()) if (enough(event)) break
  } finally {
    stream.cut()
  }
  return stream.lastId()
}

import { fetchEventSource } from '@microsoft/fetch-event-source'
import { EventSourcePlus } from 'event-source-plus'
import { EventSourcePolyfill } from 'event-source-polyfill'
import { EventSource as EventSource3 } from 'eventsource-3'
import { EventSource as EventSource4 } from 'eventsource-4'
import { EventSource as EventSource5 } from 'eventsource-5'
import { createEventSource } from 'eventsource-client'
import { EventSource as LaunchDarkly } from 'launchdarkly-eventsource'

/** A handler that the client calls with each event. */
type Handler = (event: string, data: string) => void

type Close = () => unknown

export type OpenClient = (url: string, handle: Handler) => Close

interface BrowserLike {
  addEventListener(event: string, listener: (event: { data: string }) => void): void
  close(): void
}

/** Listens as pages do: for notifications, and for events without a name. */
function listen(source: BrowserLike, handle: Handler): Close {
  for (const event of ['notification', 'message']) {
    source.addEventListener(event, ({ data }) => handle(event, data))
  }
  return () => source.close()
}

// The browser features that @microsoft/fetch-event-source needs.
const page = { hidden: false, addEventListener: () => {}, removeEventListener: () => {} }
Object.assign(globalThis, { window: globalThis, document: page })

/** Each npm client, used as its own documentation shows. */
export const clients: Record<string, OpenClient> = {
  'eventsource 3.0': (url, handle) => listen(new EventSource3(url), handle),
  'eventsource 4.1': (url, handle) => listen(new EventSource4(url), handle),
  'eventsource 5.1': (url, handle) => listen(new EventSource5(url), handle),
  'eventsource-client 1.2': (url, handle) => {
    const client = createEventSource({ url, onMessage: ({ event = 'message', data }) => handle(event, data) })
    return () => client.close()
  },
  'event-source-plus 0.1': (url, handle) => {
    const controller = new EventSourcePlus(url).listen({
      onMessage: ({ event, data }) => handle(event, data),
    })
    return () => controller.abort()
  },
  'event-source-polyfill 1.0': (url, handle) => listen(new EventSourcePolyfill(url), handle),
  'launchdarkly-eventsource 2.2': (url, handle) => {
    const source = new LaunchDarkly(url)
    source.on('error', () => {})
    return listen(source, handle)
  },
  '@microsoft/fetch-event-source 2.0': (url, handle) => {
    const ended = new AbortController()
    void fetchEventSource(url, {
      signal: ended.signal,
      openWhenHidden: true,
      onmessage: ({ event, data }) => handle(event, data),
      // Without it, the client does not reconnect after the server has ended the stream.
      onclose() {
        throw new Error('the stream ended')
      },
    })
    return () => ended.abort()
  },
}

interface UntypedEventSource {
  addEventListener(event: string, listener: (event: { data: string }) => void): void
  onmessage: ((event: { data: string }) => void) | undefined
  close(): void
}

declare module 'event-source-polyfill' {
  export const EventSourcePolyfill: new (url: string) => UntypedEventSource
}

declare module 'launchdarkly-eventsource' {
  export const EventSource: new (
    url: string,
  ) => UntypedEventSource & {
    on(event: 'error', listener: () => void): void
  }
}

// Another process can be reached at once. Jittered, so that not all clients reconnect together.
const RETRY_WITHIN_MS = 250

/** The last frame of an event stream that its client is to open again. */
export const retryFrame = (): Uint8Array =>
  Buffer.from(`retry: ${Math.round(Math.random() * RETRY_WITHIN_MS)}\n\n`)

const RESPONSE_WITHIN_MS = 5_000
// Kafka answers these two when all members of a group have joined: it waits for them as long as a rebalance may take.
const JOINED_WITHIN_MS = 12_000
const JOIN_GROUP = 11
const SYNC_GROUP = 14
const API_KEY_AT = 4

/**
 * Watches the requests of one connection, and calls `onTimeout` once when a response takes too long. Kafka responds to the
 * requests of a connection in their order (Kafka protocol, Network), so only the oldest is timed.
 */
export function watchRequestTimeout(onTimeout: () => void) {
  /** The timeouts of the requests without a response. */
  const pending: number[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function timeOldest() {
    clearTimeout(timer)
    if (pending[0] !== undefined && !stopped) timer = setTimeout(onTimeout, pending[0])
  }

  return {
    sent(request: Buffer): void {
      pending.push(timeoutMs(request))
      if (pending.length === 1) timeOldest()
    },
    received(responses: number): void {
      pending.splice(0, responses)
      timeOldest()
    },
    stop(): void {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function timeoutMs(request: Buffer): number {
  const apiKey = request.length < API_KEY_AT + 2 ? undefined : request.readInt16BE(API_KEY_AT)
  return apiKey === JOIN_GROUP || apiKey === SYNC_GROUP ? JOINED_WITHIN_MS : RESPONSE_WITHIN_MS
}

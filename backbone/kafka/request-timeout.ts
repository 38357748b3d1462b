const ANSWERED_WITHIN_MS = 5_000
// These two are answered when all members of a group have come, which is waited for as long as a rebalance may take.
const JOINED_WITHIN_MS = 12_000
const JOIN_GROUP = 11
const SYNC_GROUP = 14
const API_KEY_AT = 4

/**
 * Watches what a broker owes on one connection, and calls `onSilence` once when it owes one answer for too long. Kafka
 * answers the requests of a connection in their order (Kafka protocol, Network), so only the oldest is timed.
 */
export function watchAnswers(onSilence: () => void) {
  const owed: number[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function timeOldest() {
    clearTimeout(timer)
    if (owed[0] !== undefined && !stopped) timer = setTimeout(onSilence, owed[0])
  }

  return {
    asked(request: Buffer): void {
      owed.push(allowedMs(request))
      if (owed.length === 1) timeOldest()
    },
    answered(responses: number): void {
      owed.splice(0, responses)
      timeOldest()
    },
    stop(): void {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function allowedMs(request: Buffer): number {
  const apiKey = request.length < API_KEY_AT + 2 ? undefined : request.readInt16BE(API_KEY_AT)
  return apiKey === JOIN_GROUP || apiKey === SYNC_GROUP ? JOINED_WITHIN_MS : ANSWERED_WITHIN_MS
}

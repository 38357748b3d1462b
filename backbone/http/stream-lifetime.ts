import type { Identity } from '../access/identity.ts'
import { drainTimes } from '../process/draining.ts'

const MAX_AGE_MS = 15 * 60_000

export interface StreamEnds {
  /** The reader has disconnected. */
  disconnected: AbortSignal
  /** This member drains: its streams end one after another, so that not all readers reconnect at once. */
  draining: AbortSignal
  /** The stream ends when it expires or is revoked. */
  credential: Pick<Identity, 'expiresAt' | 'revoked'>
}

/** Ends a stream at its maximum age, or for one of the other reasons; then calls `leave`. */
export function createStreamLifetime(
  { disconnected, draining, credential }: StreamEnds,
  leave: () => void,
): { ended: AbortSignal; end: () => void; begin: () => void } {
  const ended = new AbortController()
  ended.signal.addEventListener('abort', leave)
  const end = () => ended.abort()
  const endSoon = () => setTimeout(end, Math.random() * drainTimes(draining).endWithinMs)

  return {
    ended: ended.signal,
    end,

    /** At the first read: a stream that is never read, such as that of a HEAD, would never remove the timer. */
    begin() {
      const oldest = MAX_AGE_MS * (0.8 + Math.random() * 0.4)
      const untilExpiry = (credential.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now()
      const age = setTimeout(end, Math.min(oldest, untilExpiry))
      ended.signal.addEventListener('abort', () => clearTimeout(age))
      disconnected.addEventListener('abort', end, { signal: ended.signal })
      credential.revoked.addEventListener('abort', end, { signal: ended.signal })
      draining.addEventListener('abort', endSoon, { signal: ended.signal })
      if (disconnected.aborted || credential.revoked.aborted) end()
      if (draining.aborted) endSoon()
    },
  }
}

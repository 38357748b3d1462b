import { ProblemError } from '../../backbone/problem.ts'

const RETRY_AFTER_SECONDS = 5

/** Limits the open streams of a key at this member, including its sessions and tokens. */
export function createStreamLimit(most: number) {
  const open = new Map<string, number>()

  return {
    /** Counts a stream; call the result once when it ends. Throws `rate-limited`. */
    enter(keyId: string): () => void {
      const before = open.get(keyId) ?? 0
      if (before >= most) {
        throw new ProblemError('rate-limited', {
          detail: `This key has ${before} open streams at this processor`,
          headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
        })
      }
      open.set(keyId, before + 1)
      return () => {
        const now = open.get(keyId) ?? 0
        if (now > 1) open.set(keyId, now - 1)
        else open.delete(keyId)
      }
    },
  }
}

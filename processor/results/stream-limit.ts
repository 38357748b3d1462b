import { ProblemError } from '../../backbone/problem.ts'

const RETRY_AFTER_SECONDS = 5

/** How many streams a key may have open at this member at once, its sessions and tokens included. */
export function createStreamLimit(most: number) {
  const open = new Map<string, number>()

  return {
    /** Takes a place, which must be given back once. Throws `rate-limited`. */
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

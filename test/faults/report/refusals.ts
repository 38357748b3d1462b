import type { StorefrontResult } from '../load/storefront-result.ts'

export interface Refusals {
  /** Attempts without a 202, by their result, most frequent first. */
  byReason: Record<string, number>
  /** Share of acknowledged checkouts with only one request. */
  atFirstAttempt: number
}

interface Told extends Pick<StorefrontResult, 'refused'> {
  acks: Pick<StorefrontResult['acks'], 'attempts'>
}

export function countRefusals({ acks, refused }: Told): Refusals {
  const counts = refused.failures.map((reason) => ({ reason, count: 0 }))
  for (const failure of refused.failure) {
    const entry = counts[failure]
    if (entry) entry.count++
  }
  const first = acks.attempts.reduce((sum, attempts) => (attempts === 1 ? sum + 1 : sum), 0)
  return {
    byReason: Object.fromEntries(
      counts.toSorted((a, b) => b.count - a.count).map(({ reason, count }) => [reason, count]),
    ),
    atFirstAttempt: acks.attempts.length === 0 ? 0 : first / acks.attempts.length,
  }
}

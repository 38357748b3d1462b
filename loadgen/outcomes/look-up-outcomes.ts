import { z } from 'zod'
import { type Outcome, outcomeSchema } from '../../backbone/outcome.ts'

const AT_ONCE = 16
const TIME_MS = 30_000
const classifiedSchema = z.object({ status: z.literal('classified'), outcome: outcomeSchema })

/** Asks for each event by its id, for a bounded time. What has no outcome, or cannot be asked for, is passed over. */
export async function lookUpOutcomes(
  target: string,
  eventIds: readonly string[],
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const signal = AbortSignal.timeout(TIME_MS)
  const queue = eventIds.values()

  async function work(): Promise<void> {
    for (const eventId of queue) {
      if (signal.aborted) return
      try {
        const response = await fetch(`${target}/checkout/${encodeURIComponent(eventId)}`, { signal })
        const found = classifiedSchema.safeParse(await response.json())
        if (found.success) onOutcome(found.data.outcome)
      } catch {
        continue
      }
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

import { z } from 'zod'
import { type Outcome, outcomeSchema } from '../../backbone/records/outcome.ts'
import { sleep } from '../sleep.ts'
import type { Target } from '../target.ts'

const AT_ONCE = 64
const ONE_WITHIN_MS = 10_000
const WITHOUT_ANSWER_MS = 30_000
const IN_ALL_MS = 300_000
const HURRIED_IN_ALL_MS = 3_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000

const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('classified'), outcome: outcomeSchema }),
  z.object({ status: z.literal('accepted') }),
])

interface LookUpEvents {
  onOutcome: (outcome: Outcome) => void
  /** The target answered that the event has no outcome. For events without a clear answer, nothing is called. */
  onNone: (eventId: string) => void
}

/**
 * Looks up each event by id, with retries, as long as answers arrive and for at most five minutes. Aborting
 * ends it at once. If it was aborted before, everything is still looked up within a few seconds.
 */
export async function lookUpOutcomes(
  { target, credential }: Target,
  eventIds: readonly string[],
  signal: AbortSignal,
  { onOutcome, onNone }: LookUpEvents,
): Promise<void> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), WITHOUT_ANSWER_MS)
  const ended = signal.aborted
    ? AbortSignal.timeout(HURRIED_IN_ALL_MS)
    : AbortSignal.any([signal, silence.signal, AbortSignal.timeout(IN_ALL_MS)])

  /** Returns the ids without a clear answer. */
  async function askForAll(ids: readonly string[]): Promise<string[]> {
    const unanswered: string[] = []
    const queue = ids.values()

    async function work(): Promise<void> {
      for (const eventId of queue) {
        if (ended.aborted) return
        const answer = await ask(`${target}/checkout/${encodeURIComponent(eventId)}`, credential, ended)
        if (answer === undefined) {
          unanswered.push(eventId)
          continue
        }
        timer.refresh()
        if (answer === 'none') onNone(eventId)
        else onOutcome(answer)
      }
    }

    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return unanswered
  }

  try {
    let remaining = await askForAll(eventIds)
    let pauseMs = FIRST_PAUSE_MS
    while (remaining.length > 0 && !ended.aborted) {
      await sleep(pauseMs, ended)
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      remaining = await askForAll(remaining)
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Undefined if the answer is not clear. */
async function ask(
  url: string,
  headers: Record<string, string>,
  ended: AbortSignal,
): Promise<Outcome | 'none' | undefined> {
  try {
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.any([ended, AbortSignal.timeout(ONE_WITHIN_MS)]),
    })
    const text = await response.text()
    if (response.status === 404) return 'none'
    if (response.status !== 200) return undefined
    const answer = answerSchema.parse(JSON.parse(text))
    return answer.status === 'classified' ? answer.outcome : 'none'
  } catch {
    return undefined
  }
}

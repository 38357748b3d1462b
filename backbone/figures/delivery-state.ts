import type { Logger } from 'pino'
import { errorText } from '../kafka/error-text.ts'
import { isFinalAnswer } from '../kafka/error-type.ts'

interface DeliveryOptions {
  /** What Kafka refused, and what to check; undefined if it was another failure. */
  explain: (error: unknown) => string | undefined
  log: Logger
}

const SHORTEST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 5_000
const LONGEST_REFUSED_DELAY_MS = 30_000
/** Longer than it takes another broker to lead the topic. */
const UNREACHABLE_AFTER_MS = 10_000

/** Whether figures reach Kafka, and when to try again. One warning until they do. */
export function createDeliveryState({ explain, log }: DeliveryOptions) {
  let hasSent = false
  /** When the first send without a success since began. */
  let tryingSince: number | undefined
  let failure: { text: string; isRefusal: boolean; count: number; retryAt: number } | undefined
  let isWarned = false

  function warn() {
    if (!isWarned) log.warn(`Figures are not published: ${failure?.text ?? 'Kafka does not answer'}`)
    isWarned = true
  }

  const isUnreachable = (): boolean =>
    tryingSince !== undefined &&
    failure?.isRefusal !== true &&
    performance.now() - tryingSince >= UNREACHABLE_AFTER_MS

  return {
    began(): void {
      tryingSince ??= performance.now()
    },
    succeeded(): void {
      hasSent = true
      tryingSince = undefined
      failure = undefined
      if (isWarned) log.info('Figures are published')
      isWarned = false
    },
    failed(error: unknown): void {
      const refusal = explain(error)
      // It does answer, but will not take what it is sent.
      const isRefusal = refusal !== undefined || isFinalAnswer(error)
      const count = failure?.count ?? 0
      const longest = isRefusal ? LONGEST_REFUSED_DELAY_MS : LONGEST_DELAY_MS
      const retryAt = performance.now() + Math.min(SHORTEST_DELAY_MS * 2 ** count, longest)
      failure = { text: refusal ?? errorText(error), isRefusal, count: count + 1, retryAt }
      if (isRefusal) warn()
    },
    /** Call it once a second; `wasFrozen` if this process did nothing for a while. */
    check(wasFrozen: boolean): void {
      if (wasFrozen && tryingSince !== undefined) tryingSince = performance.now()
      if (isUnreachable()) warn()
    },
    hasSent: (): boolean => hasSent,
    /** Whether the last send succeeded, as far as is known. */
    isFine: (): boolean => hasSent && failure === undefined,
    /** Whether it is too early for another attempt. */
    pauses: (): boolean => failure !== undefined && performance.now() < failure.retryAt,
    /** Nothing was sent for a while, though Kafka refused nothing. */
    isUnreachable,
  }
}

import { lookUpOutcomes } from './look-up-outcomes.ts'
import { createOutcomeLedger, type OutcomeLedger, type Verdict } from './outcome-ledger.ts'
import { sleep } from './sleep.ts'
import { createTimes, type Percentiles } from './times.ts'
import { type StreamFigures, watchNotifications } from './watch-notifications.ts'

const POLL_MS = 50

export interface Patience {
  /** How long to wait for outcomes while none comes. */
  withoutOutcomeMs: number
  /** How long to listen for second outcomes once all first ones are there. */
  forDoublesMs: number
}

export interface OutcomeFigures {
  verdict: Verdict
  stream: StreamFigures
  /** To the notification, of those who were told something; undefined when nobody was. */
  delay: { fromPost: Percentiles; fromDue: Percentiles } | undefined
}

export interface Verification {
  /** Nothing may be sent before. Rejects when the stream cannot be had. */
  open: () => Promise<void>
  ledger: OutcomeLedger
  /** Waits for what is outstanding and looks up what does not come; aborted, it looks up at once. */
  settle: (signal: AbortSignal) => Promise<void>
  figures: () => OutcomeFigures
}

/** Follows every accepted checkout to its outcome. */
export function createVerification(
  target: string,
  { withoutOutcomeMs, forDoublesMs }: Patience,
): Verification {
  const fromPost = createTimes()
  const fromDue = createTimes()
  let lastOutcomeAt = 0

  const ledger = createOutcomeLedger(({ sentAt, dueAt }, { message }, at) => {
    lastOutcomeAt = at
    if (message === null) return
    fromPost.record(at - sentAt)
    fromDue.record(at - dueAt)
  })
  const stream = watchNotifications(target, ledger.observe)

  return {
    open: () => stream.open(),
    ledger,
    async settle(signal) {
      const startedAt = performance.now()
      const deadline = () => Math.max(startedAt, lastOutcomeAt) + withoutOutcomeMs
      while (ledger.outstanding() > 0 && performance.now() < deadline() && !signal.aborted) {
        await sleep(POLL_MS, signal)
      }
      await sleep(forDoublesMs, signal)
      await stream.close()
      await lookUpOutcomes(target, ledger.outstandingIds(), (outcome) => {
        ledger.foundByLookUp(outcome)
      })
    },
    figures: () => ({
      verdict: ledger.verdict(),
      stream: stream.figures(),
      delay:
        fromPost.count() > 0
          ? { fromPost: fromPost.percentiles(), fromDue: fromDue.percentiles() }
          : undefined,
    }),
  }
}

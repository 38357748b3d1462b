import type { Outcome } from '../../backbone/records/outcome.ts'
import { now } from '../clock.ts'
import type { Outcomes } from '../run-result.ts'
import { sleep } from '../sleep.ts'
import type { Target } from '../target.ts'
import { condense, isNotified, type SeenOutcome } from './expected-outcome.ts'
import { lookUpOutcomes } from './look-up-outcomes.ts'
import { type Acceptance, createOutcomeLedger, type OutcomeLedger } from './outcome-ledger.ts'
import { watchNotifications } from './watch-notifications.ts'

const POLL_MS = 50

export interface Patience {
  /** How long to wait while no outcome arrives. */
  withoutOutcomeMs: number
  /** How long to wait for duplicates after all first outcomes have arrived. */
  forDuplicatesMs: number
}

interface VerificationEvents {
  /** A customer was notified. */
  onNotification: (acceptance: Acceptance, at: number) => void
  onWrong: (acceptance: Acceptance) => void
  onDuplicated: () => void
}

export interface Verification {
  /** Must resolve before anything is sent. Rejects if the stream is not available. */
  open: () => Promise<void>
  ledger: OutcomeLedger
  /**
   * Waits for outstanding outcomes and looks up missing ones; only those that had their time and are not found are lost.
   * Aborting the wait starts the look-up; aborting the look-up ends it.
   */
  settle: (signal: AbortSignal) => Promise<void>
  outcomes: () => Outcomes
  /** For a run that did not reach `settle`. */
  close: () => Promise<void>
}

const seen = (outcome: Outcome): SeenOutcome => ({ eventId: outcome.eventId, ...condense(outcome) })

/** Follows every accepted checkout to its outcome. */
export function createVerification(
  target: Target,
  { withoutOutcomeMs, forDuplicatesMs }: Patience,
  { onNotification, onWrong, onDuplicated }: VerificationEvents,
): Verification {
  let lastOutcomeAt = 0
  const ledger = createOutcomeLedger({
    onOutcome(acceptance, outcome, at) {
      lastOutcomeAt = at
      if (isNotified(outcome)) onNotification(acceptance, at)
    },
    onWrong,
    onDuplicated,
  })
  const stream = watchNotifications(target, (outcome, at) => ledger.observe(seen(outcome), at))

  return {
    open: () => stream.open(),
    ledger,
    async settle(signal) {
      const startedAt = now()
      const deadline = () => Math.max(startedAt, lastOutcomeAt) + withoutOutcomeMs
      while (ledger.outstanding() > 0 && now() < deadline() && !signal.aborted) {
        await sleep(POLL_MS, signal)
      }
      const waitedForAll = now() >= deadline()
      await sleep(forDuplicatesMs, signal)
      await stream.close()
      const outstanding = Array.from(ledger.pending(), ({ eventId }) => eventId)
      await lookUpOutcomes(target, outstanding, signal, {
        onOutcome: (outcome) => ledger.foundByLookUp(seen(outcome)),
        onNone(eventId) {
          if (waitedForAll) ledger.declareLost(eventId)
        },
      })
    },
    close: () => stream.close(),
    outcomes: () => ({ ...ledger.outcomes(), stream: stream.figures() }),
  }
}

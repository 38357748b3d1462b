import type { Attempt, MakeAttempt } from './attempt.ts'
import type { Customer } from './customers.ts'
import type { Deliver } from './delivery.ts'
import type { DoubleClicks } from './double-clicks.ts'
import type { LedgerFile } from './ledger-file.ts'
import type { Pauses } from './pauses.ts'
import type { Acknowledgement, SentCheckout } from './sent-checkout.ts'
import type { StorefrontFigures } from './storefront-figures.ts'

const GIVE_UP_AFTER_MS = 15 * 60_000

interface ServiceOptions {
  deliver: Deliver
  attempt: MakeAttempt
  pauses: Pauses
  doubleClicks: DoubleClicks
  figures: StorefrontFigures
  ledger: LedgerFile
  closed: () => boolean
}

/** Performs all requests of a customer, and writes the lines of the ledger. */
export function createService(options: ServiceOptions) {
  const { deliver, attempt, pauses, doubleClicks, figures, ledger, closed } = options
  let keysReused = 0

  async function clickAgain({ key, body }: Customer, first: Attempt, afterMs: number) {
    await pauses.pause(afterMs)
    const again = await attempt({ key, body }, () =>
      doubleClicks.isRemembered(first) ? first.gateway : undefined,
    )
    if (!again || closed()) return undefined
    if (again.failure !== undefined) figures.failed({ ...again, failure: again.failure })
    doubleClicks.compare(key ?? `none, checkout ${body}`, first, again)
    return again
  }

  async function makeMistake({ key, number, mistake }: Customer, first: Attempt) {
    if (!mistake) return
    const { answered, requests } = await deliver(
      { key, body: mistake.body },
      { giveUpAt: first.ended + GIVE_UP_AFTER_MS, notAt: first.gateway, mayConflict: true },
    )
    if (requests === 0) return
    keysReused++
    const acknowledgements = acknowledgementsOf(answered)
    ledger.write({ ...mistake, key, acknowledgements, attempts: requests, reusesKeyOf: number })
  }

  async function buy(customer: Customer, dueAt: number): Promise<Attempt | undefined> {
    const { number, key, body, clicksAgainAfterMs } = customer
    const { answered, requests } = await deliver({ key, body }, { giveUpAt: dueAt + GIVE_UP_AFTER_MS })
    const line: SentCheckout = {
      number,
      key,
      body,
      acknowledgements: acknowledgementsOf(answered),
      attempts: requests,
    }
    if (answered) figures.acknowledged(answered, dueAt, requests)
    if (answered && clicksAgainAfterMs !== undefined) {
      const again = await clickAgain(customer, answered, clicksAgainAfterMs)
      line.acknowledgements.push(...acknowledgementsOf(again))
      line.attempts += again?.requests ?? 0
    }
    ledger.write(line)
    return answered
  }

  return {
    keysReused: () => keysReused,
    async serve(customer: Customer, dueAt: number): Promise<void> {
      const answered = await buy(customer, dueAt)
      if (answered) await makeMistake(customer, answered)
    },
  }
}

const acknowledgementsOf = (attempt: Attempt | undefined): Acknowledgement[] =>
  attempt?.acknowledgement ? [attempt.acknowledgement] : []

import { createSeededRandom } from '../../../loadgen/shoppers/seeded-random.ts'
import { startArrivals } from './arrivals.ts'
import { createAttempts } from './attempt.ts'
import { createConcurrencyLimit } from './concurrency-limit.ts'
import { createCustomers } from './customers.ts'
import { createDelivery } from './delivery.ts'
import { createDoubleClicks } from './double-clicks.ts'
import { createGatewayChoice } from './gateway-choice.ts'
import { createGatewayClient } from './gateway-client.ts'
import { createLedgerFile } from './ledger-file.ts'
import { createPauses } from './pauses.ts'
import { createService } from './serve-customer.ts'
import { createStorefrontFigures } from './storefront-figures.ts'
import type { StorefrontProgress, StorefrontResult } from './storefront-result.ts'

const MOST_IN_FLIGHT = 1_000
const ATTEMPT_TIMEOUT_MS = 6_000

export interface StorefrontOptions {
  gateways: string[]
  /** Checkouts per second. */
  rate: number
  seed: number
  /** Different in every run, so that the gateways do not know its keys. */
  run: string
  ledgerFile: string
}

/**
 * A correct storefront: it retries with the same key until a gateway answers 202, and records all answers.
 */
export function runStorefront({ gateways, rate, seed, run, ledgerFile }: StorefrontOptions) {
  const randomizer = createSeededRandom()
  randomizer.seed(seed)
  const random = () => randomizer.next()
  let isClosed = false
  const closed = () => isClosed

  const clients = gateways.map((gateway) => createGatewayClient(gateway, ATTEMPT_TIMEOUT_MS))
  const figures = createStorefrontFigures()
  const ledger = createLedgerFile(ledgerFile)
  const pauses = createPauses()
  const doubleClicks = createDoubleClicks()
  const attempt = createAttempts({ clients, limit: createConcurrencyLimit(MOST_IN_FLIGHT), figures, closed })
  const choice = createGatewayChoice(gateways.length)
  const deliver = createDelivery({ attempt, choice, pauses, figures, random, closed })
  const service = createService({ deliver, attempt, pauses, doubleClicks, figures, ledger, closed })
  const customerOf = createCustomers(seed, run)

  const served = new Set<Promise<void>>()
  const arrivals = startArrivals(rate, (number, dueAt) => {
    const serving = service.serve(customerOf(number), dueAt).finally(() => served.delete(serving))
    served.add(serving)
  })

  function close() {
    isClosed = true
    pauses.end()
    for (const client of clients) client.close()
  }

  return {
    gatewayRestarted: doubleClicks.restarted,
    route: choice.route,
    progress(): StorefrontProgress {
      const due = arrivals.count()
      const acknowledged = figures.acknowledgedCount()
      return { due, acknowledged, waiting: due - acknowledged }
    },
    async finish(patienceMs: number): Promise<StorefrontResult> {
      arrivals.stop()
      const closing = setTimeout(close, patienceMs)
      await Promise.all(served)
      clearTimeout(closing)
      close()
      ledger.close()
      const sent = arrivals.count()
      const acknowledged = figures.acknowledgedCount()
      return {
        sent,
        acknowledged,
        givenUp: sent - acknowledged,
        ...figures.toResult(),
        ...doubleClicks.toResult(),
        keysReused: service.keysReused(),
      }
    },
  }
}

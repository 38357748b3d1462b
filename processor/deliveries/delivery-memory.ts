import { anyone, type Identity } from '../../backbone/access/identity.ts'
import type { Delivery, DeliveryReport } from '../../backbone/timeline/deliveries.ts'
import { type Recipient, recipients } from '../../backbone/timeline/timeline.ts'
import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import type { LogChanges } from '../read-model/outcome-store.ts'
import { createFirstTimes } from './first-times.ts'

interface DeliveryMemoryOptions {
  /** Name of this member. */
  process: string
  readModel: Pick<LogChanges, 'logsForgotten'>
  now?: () => number
  /** Deliveries about one customer, and deliveries to readers: of all outcomes, so many that they have their own. */
  most?: { customers: number; readers: number }
}

export interface DeliveryMemory {
  /** The outcomes at these positions of Notifications are sent; `request` is the trace of the request for them. */
  sent: (positions: readonly number[], what: Delivery['what'], to: Recipient, request?: TraceContext) => void
  /** Undefined: this member does not know the outcome. */
  reportOf: (position: number | undefined) => DeliveryReport
}

const MOST = { customers: 200_000, readers: 100_000 }
const waysToSend = ['streamed', 'read'] as const satisfies Delivery['what'][]

/** What this member has sent since it started. Neither customers nor credentials are stored. */
export function createDeliveryMemory({
  process,
  readModel,
  now = Date.now,
  most = MOST,
}: DeliveryMemoryOptions): DeliveryMemory {
  const customers = createFirstTimes(most.customers, now)
  const readers = createFirstTimes(most.readers, now)
  let logs = readModel.logsForgotten()

  /** Positions in a topic that was recreated are those of other outcomes. */
  function clearIfRecreated() {
    if (logs === readModel.logsForgotten()) return
    logs = readModel.logsForgotten()
    customers.clear()
    readers.clear()
  }

  return {
    sent(positions, what, to) {
      clearIfRecreated()
      const way = waysToSend.indexOf(what) * recipients.length + recipients.indexOf(to)
      const memory = to === 'reader' ? readers : customers
      for (const position of positions) memory.add(position, way)
    },

    reportOf(position) {
      clearIfRecreated()
      const known = position === undefined ? [] : [...customers.of(position), ...readers.of(position)]
      return {
        process,
        since: { customers: isoOf(customers.completeSince()), readers: isoOf(readers.completeSince()) },
        deliveries: known.flatMap(({ way, at }) => {
          const what = waysToSend[Math.floor(way / recipients.length)]
          const to = recipients[way % recipients.length]
          return what && to ? [{ what, at: isoOf(at), to }] : []
        }),
      }
    },
  }
}

const isoOf = (ms: number) => new Date(ms).toISOString()

/** `asksForCustomer`: for one customer or one event. An operator who looks at it is a reader. */
export function recipientOf(identity: Identity, asksForCustomer: boolean): Recipient {
  if (identity.customer !== undefined) return 'customer'
  // Without keys everybody has that scope.
  const isOperator = identity.scopes.has('operate') && identity !== anyone
  return asksForCustomer && !isOperator ? 'for-customer' : 'reader'
}

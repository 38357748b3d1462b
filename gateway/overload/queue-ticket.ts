import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const FORM = /^(\d{13})\.([\w-]{43})$/
// Longer than any peak. A ticket is valid for one key only, so it cannot be saved for another purchase.
const OLDEST_MS = 60 * 60_000
const FUTURE_MS = 5_000

interface TicketOptions {
  /** Shared by all gateways. Undefined: tickets are valid only at the gateway that issued them. */
  secret?: string | undefined
  now?: () => number
}

/** The owner of an idempotency key, and the only customer of its credential, if there is one. */
export interface TicketHolder {
  owner: string
  customer?: string | undefined
  idempotencyKey: string
}

/**
 * Stateless queue tickets for rejected requests: the signed time of the first attempt. A request with a
 * ticket is admitted before all that first tried later, rejected or not.
 */
export function createQueueTickets({ secret, now = Date.now }: TicketOptions = {}) {
  const key = secret ?? randomBytes(SECRET_BYTES)

  const sign = (since: number, { owner, customer, idempotencyKey }: TicketHolder) =>
    createHmac('sha256', key)
      .update(JSON.stringify([since, owner, idempotencyKey, ...(customer === undefined ? [] : [customer])]))
      .digest()

  return {
    issue: (since: number, holder: TicketHolder): string =>
      `${since}.${sign(since, holder).toString('base64url')}`,
    /**
     * The time of the first attempt, if this is a valid ticket of this holder; undefined for any other text.
     */
    since(ticket: string, holder: TicketHolder): number | undefined {
      const [, digits, signature] = FORM.exec(ticket) ?? []
      if (digits === undefined || signature === undefined) return undefined
      const since = Number(digits)
      if (since > now() + FUTURE_MS || since < now() - OLDEST_MS) return undefined
      const given = Buffer.from(signature, 'base64url')
      const expected = sign(since, holder)
      return given.length === expected.length && timingSafeEqual(given, expected) ? since : undefined
    },
  }
}

export type QueueTickets = ReturnType<typeof createQueueTickets>

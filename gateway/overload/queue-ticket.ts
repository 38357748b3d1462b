import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const FORM = /^(\d{13})\.([\w-]{43})$/
// Longer than any peak; a place is good for one key only, so it cannot be saved up for another purchase.
const OLDEST_MS = 60 * 60_000
const FUTURE_MS = 5_000

interface PlaceOptions {
  /** Shared by all gateways. Undefined: places hold at the gateway that gave them. */
  secret?: string | undefined
  now?: () => number
}

/** Whose place it is: the holder of an idempotency key, and of a credential that is for one customer or for all. */
export interface PlaceHolder {
  owner: string
  customer?: string | undefined
  idempotencyKey: string
}

/**
 * Places in the queue of those who were refused, kept by themselves: when they first came, signed. Whoever comes back with
 * theirs goes before all who came later, whether or not they were refused.
 */
export function createQueuePlaces({ secret, now = Date.now }: PlaceOptions = {}) {
  const key = secret ?? randomBytes(SECRET_BYTES)

  const sign = (since: number, { owner, customer, idempotencyKey }: PlaceHolder) =>
    createHmac('sha256', key)
      .update(JSON.stringify([since, owner, idempotencyKey, ...(customer === undefined ? [] : [customer])]))
      .digest()

  return {
    give: (since: number, holder: PlaceHolder): string =>
      `${since}.${sign(since, holder).toString('base64url')}`,
    /** Since when, by a place that is this holder's; undefined for any other text. */
    since(place: string, holder: PlaceHolder): number | undefined {
      const [, digits, signature] = FORM.exec(place) ?? []
      if (digits === undefined || signature === undefined) return undefined
      const since = Number(digits)
      if (since > now() + FUTURE_MS || since < now() - OLDEST_MS) return undefined
      const given = Buffer.from(signature, 'base64url')
      const expected = sign(since, holder)
      return given.length === expected.length && timingSafeEqual(given, expected) ? since : undefined
    },
  }
}

export type QueuePlaces = ReturnType<typeof createQueuePlaces>

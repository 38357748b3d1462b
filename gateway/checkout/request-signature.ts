import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HonoRequest } from 'hono'
import type { HeldKey } from '../../backbone/access/keyring.ts'
import { ProblemError } from '../../backbone/problem.ts'

const HEADER = 'checkout-signature'
const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/
const TOLERANCE_SECONDS = 300

/**
 * Verifies the signature of a body in Stripe's form: `t=<seconds>,v1=<HMAC-SHA256 of "<t>.<body>", in hex>`,
 * with the SHA-256 of the key's secret in hex as the HMAC key. Keys with `signed` must sign; an optional
 * signature must be valid, too.
 */
export function assertSigned(req: HonoRequest, body: Uint8Array, key: HeldKey | undefined): void {
  const signature = req.header(HEADER)
  if (signature === undefined && key?.signed !== true) return
  const [, time, given] = FORM.exec(signature ?? '') ?? []
  if (time === undefined || given === undefined)
    throw refused('must be t=<seconds>,v1=<64 hexadecimal digits>')
  // Without keys there is nothing to verify with.
  if (key === undefined) return
  if (Math.abs(Date.now() / 1_000 - Number(time)) > TOLERANCE_SECONDS)
    throw refused('t differs from the current time by more than 300 s')
  const expected = createHmac('sha256', key.hash).update(`${time}.`).update(body).digest()
  if (!timingSafeEqual(expected, Buffer.from(given, 'hex'))) throw refused('v1 does not match this body')
}

const refused = (detail: string) =>
  new ProblemError('bad-signature', { detail: `Checkout-Signature: ${detail}` })

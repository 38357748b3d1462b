import { z } from 'zod'
import type { Checkout } from '../backbone/checkout.ts'
import { createKeepAliveClient } from './keep-alive-client.ts'
import { RequestError } from './request-error.ts'

const TIMEOUT_MS = 30_000
const acceptedSchema = z.object({ eventId: z.string().min(1) })

/** `failure` is the status that was not 202, or in a word why there was no answer. */
export type SendResult = { eventId: string } | { failure: string }

/**
 * Posts checkouts to the target. The key differs in every run, also of the same seed: it is another purchase, not a
 * repetition of last time's.
 */
export function createSender(target: string, run: string) {
  const url = new URL(`${target}/checkout`)
  const client = createKeepAliveClient(url, TIMEOUT_MS)
  const head = `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n`

  async function send(iteration: number, checkout: Checkout): Promise<SendResult> {
    const body = JSON.stringify(checkout)
    const key = `idempotency-key: "${run}-${iteration}"\r\n`
    const length = `content-length: ${Buffer.byteLength(body)}\r\n\r\n`
    try {
      const answer = await client.request(Buffer.from(head + key + length + body))
      if (answer.status !== 202) return { failure: String(answer.status) }
      return acceptedSchema.parse(JSON.parse(answer.body))
    } catch (error) {
      return { failure: error instanceof RequestError ? error.message : 'malformed answer' }
    }
  }

  return { send, reach: client.reach, close: client.close }
}

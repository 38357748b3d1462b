import { z } from 'zod'
import type { Target } from '../target.ts'
import { createKeepAliveClient } from './keep-alive-client.ts'
import { postHead } from './post-head.ts'
import { RequestError, type RequestFailure } from './request-error.ts'

const MAX_RETRY_AFTER_S = 3_600
const acceptedSchema = z.object({ eventId: z.string().min(1) })

export interface SendResult {
  /** The status, or why there was no answer. */
  outcome: number | RequestFailure
  /** Event id of an accepted checkout. */
  eventId: string | undefined
  /** The pause that the target asks for; 0 if it asks for none. */
  retryAfterMs: number
  /** It was sent twice, because a kept connection had just been closed. */
  resent: boolean
  bytesSent: number
  bytesReceived: number
}

interface SenderOptions extends Target {
  timeoutMs: number
  /** Whether a 202 must contain an event id. */
  needsEventId: boolean
}

/** Posts checkouts to one target. */
export function createSender({ target, credential, timeoutMs, needsEventId }: SenderOptions) {
  const url = new URL(`${target}/checkout`)
  const client = createKeepAliveClient(url, timeoutMs)
  const head = postHead(url, credential)

  return {
    connect: client.connect,
    close: client.close,

    /** Never rejects: a failure is a result, too. The key must be visible ASCII without quotes. */
    async send(key: string, body: string): Promise<SendResult> {
      const length = Buffer.byteLength(body)
      const request = Buffer.from(
        `${head}idempotency-key: "${key}"\r\ncontent-length: ${length}\r\n\r\n${body}`,
      )
      const sent = (resent: boolean, bytesReceived: number) => ({
        eventId: undefined,
        retryAfterMs: 0,
        resent,
        bytesSent: request.length * (resent ? 2 : 1),
        bytesReceived,
      })
      try {
        const { status, body: answer, retryAfter, bytes, resent } = await client.request(request)
        const received = { ...sent(resent, bytes), retryAfterMs: readRetryAfter(retryAfter) }
        if (status !== 202 || !needsEventId) return { ...received, outcome: status }
        const accepted = readAccepted(answer)
        return accepted
          ? { ...received, outcome: status, eventId: accepted.eventId }
          : { ...received, outcome: 'malformed answer' }
      } catch (error) {
        const { failure, resent, bytesReceived } = RequestError.from(error)
        return { ...sent(resent, bytesReceived), outcome: failure }
      }
    },
  }
}

export type Sender = ReturnType<typeof createSender>

function readAccepted(answer: string): { eventId: string } | undefined {
  try {
    return acceptedSchema.safeParse(JSON.parse(answer)).data
  } catch {
    return undefined
  }
}

/** Seconds (RFC 9110, 10.2.3); the other form, a date, is ignored. */
function readRetryAfter(value: string | undefined): number {
  return value !== undefined && /^\d+$/.test(value) ? Math.min(Number(value), MAX_RETRY_AFTER_S) * 1000 : 0
}

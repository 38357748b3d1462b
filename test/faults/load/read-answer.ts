import { z } from 'zod'
import type { GatewayAnswer } from './gateway-connection.ts'
import type { Acknowledgement } from './sent-checkout.ts'

const acknowledgementSchema = z.object({
  eventId: z.string().min(1),
  partition: z.number().int(),
  offset: z.number().int(),
})
const problemSchema = z.object({ type: z.string() })

export function readAcknowledgement({ status, body }: GatewayAnswer): Acknowledgement | undefined {
  return status === 202 ? acknowledgementSchema.safeParse(parse(body)).data : undefined
}

/** The status, with the last segment of the problem's type if there is one: `503 kafka-unavailable`. */
export function failureOf({ status, header, body }: GatewayAnswer): string {
  if (status === 202) return '202 unreadable'
  if (!header('content-type')?.startsWith('application/problem+json')) return String(status)
  const type = problemSchema.safeParse(parse(body)).data?.type ?? 'unreadable problem'
  return `${status} ${type.split(/[:/]/).at(-1)}`
}

/** Seconds (RFC 9110, 10.2.3); the other form, a date, is ignored, because our gateways do not send it. */
export function retryAfterMs({ header }: GatewayAnswer): number | undefined {
  const value = header('retry-after')
  return value !== undefined && /^\d+$/.test(value) ? Number(value) * 1_000 : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Accepted } from '../gateway/checkout/accept-checkout.ts'
import { boughtQuickly, didNotBuy } from './sample-checkouts.ts'

/** A checkout that was sent, with what was answered last. */
export interface SentCheckout {
  key: string
  customer: string
  /** Of the customer's checkouts in this lane. */
  number: number
  body: string
  status: number
  tookMs: number
  accepted: Accepted
}

const NOT_TRIED = { status: 0, tookMs: 0 }

export async function post(gateway: string, { key, body }: Pick<SentCheckout, 'key' | 'body'>) {
  const began = performance.now()
  try {
    const response = await fetch(`${gateway}/checkout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `"${key}"` },
      body,
    })
    const accepted = (await response.json()) as Accepted
    return { status: response.status, accepted, tookMs: performance.now() - began }
  } catch {
    return { ...NOT_TRIED, accepted: {} as Accepted, tookMs: performance.now() - began }
  }
}

/**
 * Customers who send one checkout after the other, each at any of the gateways, until it is stopped. What is not accepted
 * is sent again with the same key.
 */
export function startPartitionLoad(
  gateways: () => readonly string[],
  perSecond: number,
  { customers = 40, isVisit = (_customer: number, number: number) => number % 4 === 3 } = {},
) {
  const sent: SentCheckout[] = []
  const stopping = new AbortController()

  async function serve(index: number): Promise<void> {
    const customer = randomBytes(12).toString('hex')
    for (let number = 0; !stopping.signal.aborted; number++) {
      const began = performance.now()
      const sample = isVisit(index, number) ? didNotBuy : boughtQuickly
      const body = JSON.stringify({ ...sample, id: customer, productovisto: `Producto ${number}` })
      const key = randomUUID()
      for (let attempt = 0; ; attempt++) {
        const urls = gateways()
        const gateway = urls[Math.floor(Math.random() * urls.length)] ?? ''
        const answer = await post(gateway, { key, body })
        sent.push({ key, customer, number, body, ...answer })
        if (answer.status === 202) break
        await sleep(Math.min(100 * 2 ** attempt, 1_000))
      }
      await sleep(Math.max(0, began + (customers * 1_000) / perSecond - performance.now()))
    }
  }

  const served = Promise.all(Array.from({ length: customers }, (_, index) => serve(index)))
  return {
    sent: (): readonly SentCheckout[] => sent,
    async stop(): Promise<readonly SentCheckout[]> {
      stopping.abort()
      await served
      return sent
    },
  }
}

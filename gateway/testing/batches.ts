import type { Logger } from 'pino'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import type { BatchResult } from '../checkout/accept-batch.ts'
import { startApp } from './app.ts'

interface Answer {
  results: BatchResult[]
}

export const numbered = (n: number) => ({ ...boughtQuickly, folio: `SRZ-${String(n).padStart(4, '0')}` })
export const faulty = { ...boughtQuickly, edad: 131 }

export function startBatches(log?: Logger) {
  const started = startApp({ log })
  const send = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    started.app.request('/checkout/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  const sendAll = (records: unknown[], headers?: Record<string, string>) =>
    send(JSON.stringify(records), headers)
  const sendLines = (body: string | Uint8Array<ArrayBuffer>, type = 'application/x-ndjson') =>
    send(body, { 'content-type': type })
  return { ...started, send, sendAll, sendLines }
}

export const answerOf = async (response: Response) => (await response.json()) as Answer
export const statuses = async (response: Response) =>
  (await answerOf(response)).results.map(({ status }) => status)

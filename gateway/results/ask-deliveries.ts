import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { REQUEST_ID } from '../../backbone/http/request-id.ts'
import type { DeliveryReport } from '../../backbone/timeline/deliveries.ts'
import { type TraceContext, traceHeaders } from '../../backbone/tracing/trace-context.ts'
import { requestResults } from './fetch-results.ts'
import type { ProcessorPool } from './processor-pool.ts'
import { resultsHeaders } from './results-headers.ts'

interface AskedDeliveries {
  reports: DeliveryReport[]
  /** Why there is no report of a processor, with its address. */
  silent: string[]
}

/** What each processor, whose spans belong to `trace`, remembers of the deliveries of one outcome. Never rejects. */
export type AskDeliveries = (
  eventId: string,
  request: Request,
  requestId: string,
  trace?: TraceContext,
) => Promise<AskedDeliveries>

/** Asks all processors at the same time, also those that did not answer lately: each has deliveries of its own. */
export function createAskDeliveries(pool: Pick<ProcessorPool, 'urls'>, withinMs = 1_000): AskDeliveries {
  return async (eventId, request, requestId, trace) => {
    const headers = {
      ...resultsHeaders(request.headers),
      [REQUEST_ID]: requestId,
      ...traceHeaders(trace),
    }
    const path = `/checkouts/${encodeURIComponent(eventId)}/deliveries`
    const asked: AskedDeliveries = { reports: [], silent: [] }
    const ask = async (url: string) => {
      try {
        asked.reports.push(await askWithin(withinMs, url + path, headers))
      } catch (error) {
        asked.silent.push(`${url}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    await Promise.all(pool.urls.map(ask))
    return asked
  }
}

async function askWithin(ms: number, url: string, headers: Record<string, string>): Promise<DeliveryReport> {
  const over = new AbortController()
  async function late(): Promise<never> {
    await sleep(ms, undefined, { signal: over.signal })
    // Received data is read first: a delay of this gateway must not be blamed on the processor.
    await setImmediate()
    throw new Error(`no answer within ${ms} ms`)
  }
  const options = { method: 'GET', headers, signal: over.signal, answerWithinMs: 2 * ms }
  try {
    return await Promise.race([requestResults(url, options).then(readReport), late()])
  } finally {
    over.abort()
  }
}

function readReport(incoming: IncomingMessage): Promise<DeliveryReport> {
  if (incoming.statusCode === 200) return json(incoming) as Promise<DeliveryReport>
  incoming.resume()
  throw new Error(`answered ${incoming.statusCode}`)
}

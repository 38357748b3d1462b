import { Agent, type IncomingMessage, request } from 'node:http'

interface ResultsRequest {
  method: string
  headers: Record<string, string>
  /** Absent: none. */
  body?: string | undefined
  signal: AbortSignal
  answerWithinMs: number
}

const CONNECT_TIMEOUT_MS = 2_000
// A processor writes to a stream at least every 15 s, and a wait lasts at most 30 s.
const IDLE_TIMEOUT_MS = 40_000

const agent = new Agent({ keepAlive: true })

/**
 * Sends a read to one processor; resolves with the headers, before the body. Not with fetch: Bun allows 256
 * concurrent fetches, and that many open streams would block all reads.
 */
export function requestResults(
  url: string,
  { answerWithinMs, body, ...options }: ResultsRequest,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, agent, timeout: IDLE_TIMEOUT_MS })
    const giveUp = () => {
      const error = new Error('no response in time')
      // Reject first: Deno retries on another connection before it reports that this one was destroyed.
      reject(error)
      outgoing.destroy(error)
    }
    let timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS)
    const waitForAnswer = () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, answerWithinMs)
    }
    outgoing.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', waitForAnswer)
      else waitForAnswer()
    })
    outgoing.once('response', (incoming) => {
      clearTimeout(timer)
      resolve(incoming)
    })
    outgoing.once('timeout', giveUp)
    outgoing.once('close', () => clearTimeout(timer))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

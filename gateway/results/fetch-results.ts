import { Agent, type IncomingMessage, request } from 'node:http'

interface ResultsRequest {
  method: string
  headers: Record<string, string>
  signal: AbortSignal
  answerWithinMs: number
}

const CONNECT_TIMEOUT_MS = 2_000
// A processor writes to a stream every 15 s at least, and a wait is 30 s at most.
const IDLE_TIMEOUT_MS = 40_000

const agent = new Agent({ keepAlive: true })

/**
 * Asks one processor; resolves with its headers, its body still to come. Not by fetch, of which Bun allows 256 at a
 * time: as many open streams would stop everyone.
 */
export function requestResults(
  url: string,
  { answerWithinMs, ...options }: ResultsRequest,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, agent, timeout: IDLE_TIMEOUT_MS })
    const giveUp = () => {
      const error = new Error('no response in time')
      // At once: Deno sends it again on another connection before it says that this one was destroyed.
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
    outgoing.end()
  })
}

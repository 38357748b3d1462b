import { Agent, type IncomingMessage, request } from 'node:http'

interface ResultsRequest {
  method: string
  headers: Record<string, string>
  signal: AbortSignal
}

const CONNECT_TIMEOUT_MS = 2_000
// A processor says something on a stream every 15 s, and makes nobody wait for longer than 30 s.
const IDLE_TIMEOUT_MS = 40_000

const agent = new Agent({ keepAlive: true })

/**
 * Asks one processor; resolves with its headers, its body still to come. Not by fetch, of which Bun allows 256 at a
 * time: as many open streams would stop everyone.
 */
export function requestResults(url: string, options: ResultsRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, agent, timeout: IDLE_TIMEOUT_MS })
    const unreachable = setTimeout(
      () => outgoing.destroy(new Error('the connection takes too long')),
      CONNECT_TIMEOUT_MS,
    )
    outgoing.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => clearTimeout(unreachable))
      else clearTimeout(unreachable)
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error('nothing came for too long')))
    outgoing.once('close', () => clearTimeout(unreachable))
    outgoing.once('response', resolve)
    outgoing.on('error', reject)
    outgoing.end()
  })
}

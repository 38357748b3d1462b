import { RequestError } from '../../../loadgen/sending/request-error.ts'
import { type GatewayAnswer, type GatewayConnection, openGatewayConnection } from './gateway-connection.ts'

export interface CheckoutRequest {
  /** The value of the header, with quotes; undefined: no header. */
  key: string | undefined
  body: string
}

export interface GatewayClient {
  /** Rejects with a {@link RequestError}. */
  post: (request: CheckoutRequest) => Promise<GatewayAnswer & { resent: boolean }>
  close: () => void
}

/**
 * Posts checkouts to one gateway over kept connections. If a connection was closed just when it was reused,
 * with no answer, the request is sent once more on a new one.
 */
export function createGatewayClient(gateway: string, timeoutMs: number): GatewayClient {
  const url = new URL(`${gateway}/checkout`)
  const head = `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n`
  const idle: GatewayConnection[] = []
  const busy = new Set<GatewayConnection>()
  let ended = false

  async function exchange(connection: GatewayConnection, request: string): Promise<GatewayAnswer> {
    busy.add(connection)
    try {
      return await connection.exchange(request, timeoutMs)
    } finally {
      busy.delete(connection)
      if (connection.reusable()) idle.push(connection)
    }
  }

  function takeIdle(): GatewayConnection | undefined {
    let kept = idle.pop()
    while (kept && !kept.reusable()) kept = idle.pop()
    return kept
  }

  return {
    async post({ key, body }) {
      const keyHeader = key === undefined ? '' : `idempotency-key: ${key}\r\n`
      const request = `${head}${keyHeader}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
      const kept = takeIdle()
      try {
        if (kept) return { ...(await exchange(kept, request)), resent: false }
      } catch (error) {
        const { failure, bytesReceived } = RequestError.from(error)
        if (ended || failure !== 'connection closed' || bytesReceived > 0) throw error
      }
      const resent = kept !== undefined
      try {
        return { ...(await exchange(openGatewayConnection(url), request)), resent }
      } catch (error) {
        throw Object.assign(RequestError.from(error), { resent })
      }
    },
    close() {
      ended = true
      for (const connection of [...idle.splice(0), ...busy]) connection.close()
    },
  }
}

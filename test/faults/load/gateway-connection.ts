import { RequestError } from '../../../loadgen/sending/request-error.ts'
import { type AnswerHead, openHttpSocket } from './http-socket.ts'

export interface GatewayAnswer {
  status: number
  header: AnswerHead['header']
  body: string
}

export interface GatewayConnection {
  /** One at a time. Rejects with a {@link RequestError}; the connection is then closed. */
  exchange: (request: string, timeoutMs: number) => Promise<GatewayAnswer>
  /** Whether another request may be sent over it. */
  reusable: () => boolean
  close: () => void
}

export function openGatewayConnection(url: URL): GatewayConnection {
  let head: AnswerHead | undefined
  let body: Buffer[] = []
  let open = true
  let waiting: PromiseWithResolvers<GatewayAnswer> | undefined

  const socket = openHttpSocket(url, {
    head(received) {
      head = received
    },
    body(piece) {
      body.push(piece)
    },
    end() {
      if (!head) return
      waiting?.resolve({ status: head.status, header: head.header, body: Buffer.concat(body).toString() })
      waiting = undefined
    },
    closed(reason) {
      open = false
      reason.bytesReceived = socket.received()
      waiting?.reject(reason)
      waiting = undefined
    },
  })

  return {
    async exchange(request, timeoutMs) {
      const exchange = Promise.withResolvers<GatewayAnswer>()
      waiting = exchange
      body = []
      const timer = setTimeout(() => socket.close(new RequestError('timeout')), timeoutMs)
      try {
        socket.send(request)
        return await exchange.promise
      } finally {
        clearTimeout(timer)
        if (!head?.keepAlive) socket.close()
      }
    },
    reusable: () => open && waiting === undefined,
    close: () => socket.close(),
  }
}

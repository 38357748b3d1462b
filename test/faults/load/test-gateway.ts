import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'

export interface ReceivedCheckout {
  /** Number of the request; 0 for the first. */
  index: number
  key: string | undefined
  body: string
  at: number
  request: IncomingMessage
}

type Answer = (response: ServerResponse, checkout: ReceivedCheckout) => void

export async function listen(handle: RequestListener) {
  const server = createServer(handle)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

/** A gateway with configured answers that records what it received. */
export async function startTestGateway(answer: Answer) {
  const received: ReceivedCheckout[] = []
  const { url, stop } = await listen((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const checkout = {
        index: received.length,
        key: request.headers['idempotency-key'] as string | undefined,
        body: Buffer.concat(pieces).toString(),
        at: Date.now(),
        request,
      }
      received.push(checkout)
      answer(response, checkout)
    })
  })
  return { url, stop, received }
}

/** The behaviour of a gateway without a fault, including its window. */
export function createCorrectAnswers(partition: number): Answer {
  const window = new Map<string, { body: string; answer: string }>()
  let offset = 0

  return (response, { key, body }) => {
    const known = window.get(key ?? body)
    if (known && known.body !== body) {
      problem(response, 422, 'idempotency-key-reused')
      return
    }
    const eventId = Bun.hash(key ?? body).toString(16)
    const answer =
      known?.answer ?? JSON.stringify({ eventId, status: 'accepted', partition, offset: offset++ })
    window.set(key ?? body, { body, answer })
    response.writeHead(202, known ? { 'idempotent-replayed': 'true' } : {}).end(answer)
  }
}

export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers })
  response.end(JSON.stringify({ type: `urn:problem-type:checkout:${code}`, status }))
}

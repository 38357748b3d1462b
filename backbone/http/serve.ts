import { setTimeout as delay } from 'node:timers/promises'

/** What is known of a request but what is in it. */
export interface Connection {
  /** Of the peer. */
  address?: () => string | undefined
}

export type Fetch = (request: Request, connection: Connection) => Response | Promise<Response>

interface Listener {
  port: number
  /** Takes no new connection and ends when what is in flight has been answered. */
  close(): Promise<void>
  /** Cuts whatever is still open. */
  cut(): void
}

interface Address {
  host: string
  port: number
}

// What is used of Deno's types, since the compiler knows Bun's.
declare const Deno: {
  serve(
    options: {
      hostname: string
      port: number
      onListen: () => void
      onError: (error: unknown) => Response
    },
    handler: (request: Request, info: DenoInfo) => Response | Promise<Response>,
  ): { addr: { port: number }; shutdown(): Promise<void> }
}

interface DenoInfo {
  remoteAddr: { hostname?: string }
  /** Rejects when the response could not be sent, because the client disconnected. */
  completed: Promise<void>
}

// A load balancer keeps idle connections for about 60 s. Were we the first to close, its next request could meet a closed door.
const KEEP_ALIVE_SECONDS = 75
// As Bun and Node have it; Deno takes 64 KiB.
const MOST_HEADER_BYTES = 16 * 1024
// Closing an idle connection races with the request that its client is just sending; a second of `Connection: close` leaves none in use.
const FAREWELL_MS = 1_000
// RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5.
const BODILESS = new Set([204, 205, 304])
const PATIENCE_MS = 9_000

/**
 * Listens with whatever runtime this is; several processes may share the port (not on Deno, where that is unstable).
 * Rejects when the address cannot be had. `stop` answers all that was received: connections in use are told to
 * close, then idle ones are closed, then the rest is waited for, 10 s in all.
 */
export async function serve(
  address: Address,
  fetch: Fetch,
): Promise<{ port: number; stop(): Promise<void> }> {
  let stopping = false
  const listener = await listen(address, async (request, connection) => {
    const response = withoutFalseLength(request, await fetch(request, connection))
    if (stopping) response.headers.set('connection', 'close')
    return response
  })
  return {
    port: listener.port,
    async stop() {
      stopping = true
      await delay(FAREWELL_MS)
      const closed = listener.close().then(() => true)
      const inTime = await Promise.race([closed, delay(PATIENCE_MS, false, { ref: false })])
      if (!inTime) listener.cut()
    },
  }
}

/** Of an answer to a HEAD without a body Bun and Deno would say that a GET's has 0 bytes (RFC 9110, section 8.6). */
function withoutFalseLength({ method }: Request, response: Response): Response {
  if (method !== 'HEAD' || BODILESS.has(response.status)) return response
  const isKnown = response.body !== null || response.headers.has('content-length')
  return isKnown ? response : new Response(new ReadableStream(), response)
}

function listen(address: Address, fetch: Fetch): Promise<Listener> | Listener {
  if ('Bun' in globalThis) return listenOnBun(address, fetch)
  if ('Deno' in globalThis) return listenOnDeno(address, fetch)
  return listenOnNode(address, fetch)
}

/** With the colon, the space and the end of each line. */
function headerBytes({ headers }: Request): number {
  let bytes = 0
  for (const [name, value] of headers) bytes += name.length + value.length + 4
  return bytes
}

function listenOnBun({ host, port }: Address, fetch: Fetch): Listener {
  const server = Bun.serve({
    hostname: host,
    port,
    fetch: (request, bun) => {
      const connection = { address: () => bun.requestIP(request)?.address }
      if (URL.canParse(request.url)) return fetch(request, connection)
      // Without a host it is the path alone: so ask health checks that speak HTTP/1.0. Another that is none: RFC 9112, section 3.2.
      if (request.headers.get('host')) return new Response(null, { status: 400 })
      return fetch(new Request(`http://localhost${request.url}`, request), connection)
    },
    // It would print each answer that breaks off, and serve pages with the source of what failed.
    development: false,
    reusePort: true,
    idleTimeout: KEEP_ALIVE_SECONDS,
    // Bun would cut the connection: the routes have limits of their own, and an answer for what is beyond them.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  })
  return {
    port: server.port ?? port,
    async close() {
      const closed = server.stop()
      while (server.pendingRequests > 0) await delay(20)
      // Bun waits for connections that never sent anything, too: browsers open some in advance.
      await Promise.race([closed, delay(FAREWELL_MS)])
      await server.stop(true)
    },
    cut: () => void server.stop(true),
  }
}

function listenOnDeno({ host, port }: Address, fetch: Fetch): Listener {
  // Without `onError` it prints each answer that breaks off.
  const options = {
    hostname: host,
    port,
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
  }
  const server = Deno.serve(options, (request, info) => {
    if (headerBytes(request) > MOST_HEADER_BYTES) return new Response(null, { status: 431 })
    // Deno's own signal also aborts after a response that was sent, and prints a warning about it.
    Object.defineProperty(request, 'signal', { value: whenRejected(info.completed) })
    return fetch(request, { address: () => info.remoteAddr.hostname })
  })
  return {
    port: server.addr.port,
    close: () => server.shutdown(),
    // A server that is shutting down cannot be aborted any more: the end of the process does it.
    cut: () => {},
  }
}

function whenRejected(completed: Promise<void>): AbortSignal {
  const controller = new AbortController()
  completed.catch(() => controller.abort())
  return controller.signal
}

async function listenOnNode({ host, port }: Address, fetch: Fetch): Promise<Listener> {
  const { createAdaptorServer } = await import('@hono/node-server')
  const { createServer, Server } = await import('node:http')
  const server = createAdaptorServer({
    fetch: (request, env) =>
      fetch(request, { address: () => ('incoming' in env ? env.incoming.socket.remoteAddress : undefined) }),
    createServer,
    // Of a request that tells none: so ask health checks that speak HTTP/1.0.
    hostname: 'localhost',
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_SECONDS * 1_000 },
  })
  if (!(server instanceof Server)) throw new TypeError('not an HTTP/1.1 server')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Elsewhere Node refuses the option instead of passing over it.
    server.listen({ host, port, reusePort: process.platform === 'linux' }, resolve)
  })
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Node closes those that are idle now, but not those that become idle when a stream ends.
      const sweeping = setInterval(() => server.closeIdleConnections(), 50)
      await closed
      clearInterval(sweeping)
    },
    cut: () => server.closeAllConnections(),
  }
}

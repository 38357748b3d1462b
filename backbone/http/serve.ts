import { setTimeout as delay } from 'node:timers/promises'

/** Properties of the connection of a request. */
export interface Connection {
  /** Address of the peer. */
  address?: () => string | undefined
}

export type Fetch = (request: Request, connection: Connection) => Response | Promise<Response>

export interface Server {
  port: number
  stop(noticeMs: number): Promise<void>
}

interface Listener {
  port: number
  /** Accepts no new connections, and resolves when all requests in flight have been answered. */
  close(): Promise<void>
  /** Closes all open connections. */
  cut(): void
}

interface Address {
  host: string
  port: number
}

// The part of Deno's types that is used; the compiler only knows Bun's.
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

// Load balancers keep idle connections for about 60 s. If we closed one first, its next request could fail.
const KEEP_ALIVE_SECONDS = 75
// As in Bun and Node; Deno allows 64 KiB.
const MOST_HEADER_BYTES = 16 * 1024
const UNUSED_CLOSE_MS = 100
// RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5.
const BODILESS = new Set([204, 205, 304])
const PATIENCE_MS = 9_000

/**
 * Listens with the current runtime. Several processes may share the port (not on Deno, where that is
 * unstable). Rejects if the address is not available. `stop` answers all received requests: for
 * `noticeMs` it announces `Connection: close` on connections in use, then it closes idle ones, then waits for the rest,
 * 9 s at most.
 */
export async function serve(address: Address, fetch: Fetch): Promise<Server> {
  let stopping = false
  const listener = await listen(address, async (request, connection) => {
    const response = withoutFalseLength(request, await fetch(request, connection))
    if (stopping) response.headers.set('connection', 'close')
    return response
  })
  return {
    port: listener.port,
    async stop(noticeMs) {
      stopping = true
      // Closing an idle connection races with a request that its client is just sending.
      await delay(noticeMs)
      const closed = listener.close().then(() => true)
      const inTime = await Promise.race([closed, delay(PATIENCE_MS, false, { ref: false })])
      if (!inTime) listener.cut()
    },
  }
}

/** For an answer to a HEAD without a body, Bun and Deno would send the length 0 (RFC 9110, section 8.6). */
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

/** Includes the colon, the space and the end of each line. */
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
      // Without a host the URL is only the path: HTTP/1.0 health checks send that. Other requests without a
      // host are invalid: RFC 9112, section 3.2.
      if (request.headers.get('host')) return new Response(null, { status: 400 })
      return fetch(new Request(`http://localhost${request.url}`, request), connection)
    },
    // In development, Bun prints each aborted answer, and serves pages with the source code of errors.
    development: false,
    reusePort: true,
    idleTimeout: KEEP_ALIVE_SECONDS,
    // Bun would close the connection. The routes have their own limits and answer requests beyond them.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  })
  return {
    port: server.port ?? port,
    async close() {
      const closed = server.stop()
      while (server.pendingRequests > 0) await delay(20)
      // Bun also waits for connections that never sent a request: browsers open some in advance.
      await Promise.race([closed, delay(UNUSED_CLOSE_MS)])
      await server.stop(true)
    },
    cut: () => void server.stop(true),
  }
}

function listenOnDeno({ host, port }: Address, fetch: Fetch): Listener {
  // Without `onError`, Deno prints each aborted answer.
  const options = {
    hostname: host,
    port,
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
  }
  const server = Deno.serve(options, (request, info) => {
    if (headerBytes(request) > MOST_HEADER_BYTES) return new Response(null, { status: 431 })
    // Deno's own signal also aborts after a complete response, and prints a warning about it.
    Object.defineProperty(request, 'signal', { value: whenRejected(info.completed) })
    return fetch(request, { address: () => info.remoteAddr.hostname })
  })
  return {
    port: server.addr.port,
    close: () => server.shutdown(),
    // A server that is shutting down cannot be aborted; the end of the process closes its connections.
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
    // For requests without a host: HTTP/1.0 health checks send none.
    hostname: 'localhost',
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_SECONDS * 1_000 },
  })
  if (!(server instanceof Server)) throw new TypeError('not an HTTP/1.1 server')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // On other platforms Node rejects the option instead of ignoring it.
    server.listen({ host, port, reusePort: process.platform === 'linux' }, resolve)
  })
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Node closes connections that are idle now, but not those that become idle when a stream ends.
      const sweeping = setInterval(() => server.closeIdleConnections(), 50)
      await closed
      clearInterval(sweeping)
    },
    cut: () => server.closeAllConnections(),
  }
}

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { vi } from 'vitest'

type State = 'open' | 'ended' | 'reset' | 'refused'

export interface Peer {
  socket: Socket
  received: () => string
  /** State of the other side. */
  state: () => State
}

function observe(socket: Socket): Peer {
  const chunks: Buffer[] = []
  let state: State = 'open'
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('end', () => {
    state = 'ended'
  })
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    state = code === 'ECONNREFUSED' ? 'refused' : 'reset'
  })
  return { socket, received: () => Buffer.concat(chunks).toString('latin1'), state: () => state }
}

export const dial = (port: number): Peer => observe(connect({ port, host: '127.0.0.1', allowHalfOpen: true }))

/** Resolves when the condition is true. */
export const until = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { interval: 3, timeout: 15_000 })

/** A server that only accepts. */
export async function startServer(onAccept: (peer: Peer) => void = () => undefined) {
  const accepted: Peer[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const peer = observe(socket)
    accepted.push(peer)
    onAccept(peer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it has no port')
  const { port } = address

  return {
    port,
    /** A new client over the link at `linkPort`, and the server's end of its connection. */
    async meet(linkPort: number): Promise<{ client: Peer; server: Peer }> {
      const number = accepted.length
      const client = dial(linkPort)
      return {
        client,
        server: await until(() => accepted[number] ?? Promise.reject(new Error('not yet'))),
      }
    },
    close() {
      for (const { socket } of accepted) socket.destroy()
      server.close()
    },
  }
}

export type TestServer = Awaited<ReturnType<typeof startServer>>

/** Resolves when the operating system has accepted everything that was written to the socket. */
export function send(socket: Socket, data: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(data, (error) => (error ? reject(error) : resolve()))
  })
}

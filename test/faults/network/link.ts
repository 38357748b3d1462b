import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { type Connection, openConnection } from './connection.ts'
import type { Toxic, Traffic } from './network.ts'

export function createLink(targetPort: number, listenPort: number) {
  const connections = new Set<Connection>()
  let listener: Server | undefined
  let toxic: Toxic | undefined
  let bytesOfClosed = 0

  function accept(client: Socket): void {
    const connection = openConnection(client, targetPort, () => {
      connections.delete(connection)
      bytesOfClosed += connection.bytes()
    })
    connections.add(connection)
    if (toxic) connection.suffer(toxic)
  }

  async function listen(): Promise<void> {
    listener = createServer({ allowHalfOpen: true, noDelay: true }, accept)
    // A connection that cannot be accepted fails at its client.
    listener.on('error', () => undefined)
    listener.listen({ port: listenPort, host: '127.0.0.1', exclusive: true })
    await once(listener, 'listening')
  }

  function stopListening(): void {
    listener?.close()
    listener = undefined
  }

  function resetAll(): void {
    for (const connection of connections) connection.reset()
  }

  async function clear(): Promise<void> {
    toxic = undefined
    for (const connection of connections) connection.recover()
    if (!listener) await listen()
  }

  async function set(next: Toxic): Promise<void> {
    await clear()
    toxic = next
    if (next.type === 'down') stopListening()
    if (next.type === 'reset_peer') resetAll()
    for (const connection of connections) connection.suffer(next)
  }

  function traffic(): Traffic {
    let bytes = bytesOfClosed
    for (const connection of connections) bytes += connection.bytes()
    return { connections: connections.size, bytes }
  }

  function close(): void {
    stopListening()
    resetAll()
  }

  return { listen, set, clear, traffic, close }
}

export type Link = ReturnType<typeof createLink>

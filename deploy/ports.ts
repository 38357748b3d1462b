import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  // Not SO_REUSEPORT: only the gateways of one launcher may share a port.
  server.listen({ port, host: '127.0.0.1', exclusive: true })
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

// Not used by this process, but not free for others either.
const held = new Set<number>()
const locks: Socket[] = []

/** {@link freePorts} does not return these. */
export function holdPorts(...ports: number[]): void {
  for (const port of ports) held.add(port)
}

/** Free ports, which no call in this process or another one on this machine returns again while this process lives. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    // Below the ephemeral ports of operating systems: an outgoing connection could take the port before its
    // server.
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (!held.has(port) && (await lock(port)) && (await isFree(port))) found.push(port)
  }
  return found
}

/**
 * Takes the UDP port of the same number until this process ends. It is another port than that of TCP, so a server can
 * listen, and nothing is left behind if this process is killed.
 */
async function lock(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref()
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true })
    await once(socket, 'listening')
  } catch {
    socket.close()
    return false
  }
  locks.push(socket)
  return true
}

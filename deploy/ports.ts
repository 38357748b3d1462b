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

// Free, but reserved for a process that does not listen yet.
const reserved = new Set<number>()

/** Reserves these ports, so that {@link freePorts} does not return them. */
export function holdPorts(...ports: number[]): void {
  for (const port of ports) reserved.add(port)
}

/** Free ports, different from each other and from all that this process has reserved before. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    // Below the ephemeral ports of operating systems: an outgoing connection could take the port before its
    // server.
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (reserved.has(port)) continue
    reserved.add(port)
    if (await isFree(port)) found.push(port)
  }
  return found
}

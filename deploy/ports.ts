import { once } from 'node:events'
import { createServer } from 'node:net'

export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  // Not SO_REUSEPORT: sharing is for the gateways of one launcher, never with a stranger.
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

// Free, but promised to somebody who does not listen yet.
const promised = new Set<number>()

/** {@link freePorts} gives none of these to anybody. */
export function promisePorts(...ports: number[]): void {
  for (const port of ports) promised.add(port)
}

/** Free, and different from each other and from all that this process was given before. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    // Below the ports that systems give to outgoing connections: one of those could take it before its server does.
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (promised.has(port)) continue
    promised.add(port)
    if (await isFree(port)) found.push(port)
  }
  return found
}

import { createServer } from 'node:net'
import { createSender } from './send-checkout.ts'

const AT_ONCE = 20
const ANSWER = 'HTTP/1.1 202 Accepted\r\ncontent-length: 15\r\n\r\n{"eventId":"e"}'

/**
 * Sends to a local server before the run. Until the runtime has compiled frequent code, a request costs
 * several times as much, and the first second would measure this program instead of its target.
 */
export async function warmUp(bodies: Iterable<string>): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => socket.write(ANSWER))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const sender = createSender({
    target: `http://127.0.0.1:${port}`,
    credential: {},
    timeoutMs: 1_000,
    needsEventId: true,
  })
  const queue = bodies[Symbol.iterator]()
  async function client() {
    for (let next = queue.next(); !next.done; next = queue.next()) await sender.send('warm-up', next.value)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  sender.close()
  server.close()
}

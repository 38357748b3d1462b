import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { halfBodies, slowReaders } from './nuisances.ts'

const CLOSED_PORT = 'http://127.0.0.1:1'
// Far more than the kernel buffers for a connection that is not read.
const ENDLESS_BYTES = 64 << 20

let close: (() => void) | undefined
afterEach(() => close?.())

async function startServer(onConnection: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  close = () => server.close()
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}`
}

test('half a body is all that comes, and each client stays until its time is over', async () => {
  const texts: string[] = []
  let gone = 0
  const gateway = await startServer((socket) => {
    const index = texts.push('') - 1
    socket.on('data', (data) => {
      texts[index] += data.toString('latin1')
    })
    socket.on('close', () => gone++)
  })
  await halfBodies({ gateway, clients: 3, forMs: 300 })
  await vi.waitFor(() => expect(gone).toBe(3))
  expect(texts).toHaveLength(3)
  for (const text of texts) {
    const [head = '', body = ''] = text.split('\r\n\r\n')
    const promised = Number(/content-length: (\d+)/.exec(head)?.[1])
    expect(body.length).toBe(Math.floor(promised / 2))
  }
})

test('a slow reader does not read its answer', async () => {
  let request = ''
  let taken = false
  const gateway = await startServer((socket) => {
    socket.on('data', (data) => {
      request += data.toString()
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.write(Buffer.alloc(ENDLESS_BYTES), (error) => {
        taken = !error
      })
    })
  })
  await slowReaders({ gateway, clients: 1, forMs: 1_500 })
  expect(request).toContain('GET /notifications/stream?from=earliest HTTP/1.1')
  expect(taken).toBe(false)
})

test('if the port is closed or they are disconnected, they end by themselves', async () => {
  const gateway = await startServer((socket) => socket.destroy())
  await Promise.all(
    [gateway, CLOSED_PORT].flatMap((url) => [
      halfBodies({ gateway: url, clients: 2, forMs: 60_000 }),
      slowReaders({ gateway: url, clients: 2, forMs: 60_000 }),
    ]),
  )
})

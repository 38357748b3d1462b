import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createKeepAliveClient } from './keep-alive-client.ts'

const REQUEST = Buffer.from('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n')
const OK = 'HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}'
let end: (() => void) | undefined
afterEach(() => end?.())

/** A client, and a server with configured answers. */
async function connect(answer: (socket: Socket, n: number) => unknown, timeoutMs = 2_000) {
  let connections = 0
  let requests = 0
  const server = createServer((socket) => {
    connections++
    socket.on('error', () => undefined)
    socket.on('data', () => answer(socket, requests++))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const client = createKeepAliveClient(new URL(`http://127.0.0.1:${port}`), timeoutMs)
  end = () => {
    client.close()
    server.close()
  }
  return { ...client, connections: () => connections }
}

test('one connection serves one request after another', async () => {
  const { request, connections } = await connect((socket) => socket.write(OK))
  for (let n = 0; n < 5; n++) expect(await request(REQUEST)).toMatchObject({ status: 202, body: '{}' })
  expect(connections()).toBe(1)
})

test('as many connections as requests in flight, and all are used again', async () => {
  const { request, connections } = await connect((socket) => setTimeout(() => socket.write(OK), 50))
  for (let round = 0; round < 2; round++) {
    await Promise.all(Array.from({ length: 100 }, () => request(REQUEST)))
  }
  expect(connections()).toBe(100)
})

test.each([
  ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n', 200, 'abcde', 1],
  ['HTTP/1.1 204 No Content\r\n\r\n', 204, '', 1],
  ['HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}', 202, '{}', 1],
  ['HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', 503, '', 2],
])('reads %j, in one piece and byte by byte', async (text, status, body, connectionsForTwo) => {
  const whole = await connect((socket) => socket.write(text))
  for (let n = 0; n < 2; n++) expect(await whole.request(REQUEST)).toMatchObject({ status, body })
  expect(whole.connections()).toBe(connectionsForTwo)
  end?.()

  const slow = await connect(async (socket) => {
    for (const byte of text) {
      socket.write(byte)
      await Bun.sleep(1)
    }
  })
  expect(await slow.request(REQUEST)).toMatchObject({ status, body })
})

test('an answer comes with its size and its Retry-After', async () => {
  const text = 'HTTP/1.1 503 Busy\r\nRetry-After: 7\r\ncontent-length: 2\r\n\r\n{}'
  const { request } = await connect((socket, n) => socket.write(n === 0 ? text : OK))
  expect(await request(REQUEST)).toEqual({
    status: 503,
    body: '{}',
    retryAfter: '7',
    bytes: text.length,
    resent: false,
  })
  expect(await request(REQUEST)).toMatchObject({ retryAfter: undefined, bytes: OK.length })
})

test('connections can be opened beforehand, and are used', async () => {
  const {
    request,
    connect: connectBefore,
    connections,
  } = await connect((socket) => setTimeout(() => socket.write(OK), 50))
  await connectBefore(20)
  await Promise.all(Array.from({ length: 20 }, () => request(REQUEST)))
  expect(connections()).toBe(20)
})

test('a body may end with its connection', async () => {
  const { request } = await connect((socket) => socket.end('HTTP/1.1 500 Oops\r\n\r\nfor now'))
  expect(await request(REQUEST)).toMatchObject({ status: 500, body: 'for now' })
})

test.each<[string, (socket: Socket) => void]>([
  ['connection closed', (socket) => socket.destroy()],
  ['connection closed', (socket) => socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\n{}')],
  ['malformed answer', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n')],
  ['timeout', () => undefined],
])('fails with: %s', async (message, answer) => {
  const { request } = await connect((socket, n) => (n === 0 ? answer(socket) : socket.write(OK)), 200)
  await expect(request(REQUEST)).rejects.toThrow(message)
  expect(await request(REQUEST)).toMatchObject({ status: 202 })
})

test('a connection that was closed while idle is not used again', async () => {
  const { request, connections } = await connect((socket) => {
    socket.write(OK)
    setTimeout(() => socket.destroy(), 20)
  })
  await request(REQUEST)
  await Bun.sleep(100)
  await request(REQUEST)
  expect(connections()).toBe(2)
})

test('a kept connection closed at its reuse causes no failure', async () => {
  const { request, connections } = await connect((socket, n) =>
    n === 1 ? socket.destroy() : socket.write(OK),
  )
  await request(REQUEST)
  expect(await request(REQUEST)).toMatchObject({ status: 202, resent: true })
  expect(connections()).toBe(2)
})

test('data after an answer is ignored', async () => {
  const { request } = await connect((socket) => socket.write(`${OK}and more`))
  for (let n = 0; n < 3; n++) expect(await request(REQUEST)).toMatchObject({ status: 202, body: '{}' })
})

test('once an answer has begun, nothing is sent again', async () => {
  let requests = 0
  const { request } = await connect((socket, n) => {
    requests++
    if (n === 1) socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\n{}')
    else socket.write(OK)
  })
  await request(REQUEST)
  await expect(request(REQUEST)).rejects.toThrow('connection closed')
  expect(requests).toBe(2)
})

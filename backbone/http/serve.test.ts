import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, serve } from './serve.ts'

let server: Server
beforeAll(async () => {
  server = await serve({ host: '127.0.0.1', port: 0 }, ({ url, method }) => {
    const { pathname } = new URL(url)
    return new Response(`${method} ${pathname}`)
  })
})
afterAll(() => server.stop(0))

/** The first and the last line of the answer to these bytes. */
async function ask(request: string): Promise<string[]> {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(request)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  const lines = answer.toString().split('\r\n')
  return [lines[0] ?? '', lines.at(-1) ?? '']
}

test.each([
  ['HTTP/1.0 without a host, as some health checks ask', 'GET /health/ready HTTP/1.0\r\n\r\n'],
  ['an empty host', 'GET /health/ready HTTP/1.1\r\nHost:\r\n\r\n'],
  ['a host', 'GET /health/ready HTTP/1.1\r\nHost: shop.example\r\n\r\n'],
])('%s is answered', async (_, request) => {
  expect(await ask(request)).toEqual(['HTTP/1.1 200 OK', 'GET /health/ready'])
})

test('a path is never truncated, for any host', async () => {
  expect(await ask('GET /x/health/ready HTTP/1.0\r\n\r\n')).toEqual([
    'HTTP/1.1 200 OK',
    'GET /x/health/ready',
  ])
})

test.each(['a b', 'shop.example:99999', '[::1'])('the host %j is none: 400', async (host) => {
  const [status] = await ask(`GET /health/ready HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  expect(status).toMatch(/^HTTP\/1\.1 400 /)
})

test('when it stops, with a connection that never sent a request, it sends answers to their end', async () => {
  const length = 8 * 1024 * 1024
  const begun = Promise.withResolvers<void>()
  const stopping = await serve({ host: '127.0.0.1', port: 0 }, () => {
    begun.resolve()
    return new Response('x'.repeat(length))
  })
  const open = async (): Promise<Socket> => {
    const socket = connect(stopping.port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }
  const silent = await open()
  const reader = await open()
  reader.write('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
  await begun.promise
  const stopped = stopping.stop(0)
  const [answer] = await Promise.all([text(reader), stopped])
  silent.destroy()
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toHaveLength(length)
})

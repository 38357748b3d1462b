import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connectBroker } from './socket.ts'

const whole = Buffer.from([0, 0, 0, 3, 1, 2, 3])
const server = createServer()
let port = 0

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object' && address) port = address.port
})
afterAll(() => void server.close())

/** A connection as kafkajs makes it, and the other end of it. */
async function connect() {
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const onConnect = vi.fn()
  const socket = connectBroker({ host: '127.0.0.1', port, ssl: undefined as never, onConnect })
  const received: Buffer[] = []
  socket.on('data', (data: Buffer) => received.push(data))
  socket.on('error', () => undefined)
  const ended = new Promise((resolve) => socket.once('close', resolve))
  const [broker] = await accepted
  await vi.waitFor(() => expect(onConnect).toHaveBeenCalled())
  return { socket, broker, ended, received: () => Buffer.concat(received) }
}

test('the beginning of a response whose connection breaks is never seen', async () => {
  const broken = await connect()
  broken.broker.end(Buffer.concat([whole, whole.subarray(0, 5)]))
  await broken.ended
  expect(broken.received()).toEqual(whole)
})

test('a response that comes in pieces is seen when it is whole', async () => {
  const { socket, broker, received } = await connect()
  broker.setNoDelay(true)
  broker.write(whole.subarray(0, 5))
  broker.write(Buffer.concat([whole.subarray(5), whole]))
  await vi.waitFor(() => expect(received()).toEqual(Buffer.concat([whole, whole])))
  socket.destroy()
})

test('a broker whose response takes too long is disconnected, as if it had closed the connection', async () => {
  const frozen = await connect()
  const ended = vi.fn()
  frozen.socket.on('end', ended)
  frozen.socket.write(Buffer.from([0, 0, 0, 4, 0, 3, 0, 0]))
  await frozen.ended
  expect(ended).toHaveBeenCalledOnce()
  expect(frozen.received()).toHaveLength(0)
}, 10_000)

test('a peer that does not speak the protocol is disconnected', async () => {
  const stranger = await connect()
  stranger.broker.write(Buffer.from([0xff, 0, 0, 0]))
  await stranger.ended
  expect(stranger.received()).toHaveLength(0)
})

test('a closed connection that is disconnected again and again gathers no listeners', async () => {
  const { socket, ended } = await connect()
  socket.destroy()
  await ended
  for (let i = 0; i < 20; i++) socket.unref()
  expect(socket.listenerCount('connect')).toBeLessThan(5)
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePorts } from '../../../deploy/ports.ts'
import { createTestRandom } from '../../../processor/testing/random.ts'
import { type Network, startNetwork } from './network.ts'
import { dial, type Peer, send, startServer, type TestServer, until } from './test-peers.ts'

const random = createTestRandom()
const MEGABYTE = 1024 * 1024
const noise = random.bytes(MEGABYTE)

let network: Network
let server: TestServer
let port: number

beforeAll(async () => {
  network = startNetwork()
  server = await startServer()
  port = await network.link('link', { port: server.port })
})
afterAll(async () => {
  await network.close()
  server.close()
})

const hash = (text: string) => Bun.hash(text)

/** Sends this many random bytes in pieces of random sizes, and ends; resolves with the bytes. */
async function stream({ socket }: Peer, bytes: number): Promise<string> {
  const pieces: Buffer[] = []
  for (let left = bytes; left > 0; ) {
    const size = random.chance(0.5) ? 1 + random.below(500) : 1 + random.below(200_000)
    const from = random.below(MEGABYTE - 200_000)
    const piece = noise.subarray(from, from + Math.min(size, left))
    pieces.push(piece)
    left -= piece.length
    await send(socket, piece)
  }
  socket.end()
  return Buffer.concat(pieces).toString('latin1')
}

test('bytes arrive as they were sent, both ways at once', async () => {
  const pairs = [await server.meet(port), await server.meet(port), await server.meet(port)]
  await Promise.all(
    pairs.map(async (pair) => {
      const sizes = [2 * MEGABYTE + random.below(MEGABYTE), 2 * MEGABYTE + random.below(MEGABYTE)] as const
      const [up, down] = await Promise.all([stream(pair.client, sizes[0]), stream(pair.server, sizes[1])])
      await until(() => expect([pair.client.state(), pair.server.state()]).toEqual(['ended', 'ended']))
      expect(hash(pair.server.received())).toBe(hash(up))
      expect(hash(pair.client.received())).toBe(hash(down))
    }),
  )
})

test('the end of one direction leaves the other open', async () => {
  const pair = await server.meet(port)
  pair.client.socket.end('question')
  await until(() => expect(pair.server.state()).toBe('ended'))
  expect(pair.server.received()).toBe('question')
  expect(pair.client.state()).toBe('open')

  pair.server.socket.write('ans')
  await until(() => expect(pair.client.received()).toBe('ans'))
  pair.server.socket.end('wer')
  await until(() => expect(pair.client.state()).toBe('ended'))
  expect(pair.client.received()).toBe('answer')
})

test.each(['client', 'server'] as const)('a reset by the %s reaches the other', async (side) => {
  const pair = await server.meet(port)
  pair[side].socket.resetAndDestroy()
  const other = side === 'client' ? pair.server : pair.client
  await until(() => expect(other.state()).toBe('reset'))
})

test('a client is reset when its server refuses', async () => {
  const [closed = 0] = await freePorts(1)
  const client = dial(await network.link('to a closed port', { port: closed }))
  await until(() => expect(client.state()).toBe('reset'))
})

const OFFERED = 48

/** Sends and ends; `stalled` resolves with the megabytes that were accepted until the sender was paused. */
function offer({ socket }: Peer) {
  let taken = 0
  const take = async () => {
    await send(socket, noise)
    taken += 1
  }
  const all = Promise.all(Array.from({ length: OFFERED }, take))
  socket.end()

  async function stalled(): Promise<number> {
    const before = taken
    await sleep(250)
    return before === taken ? taken : stalled()
  }
  return { all, stalled }
}

test('a reader that does not read stops the sender, and gets everything later', async () => {
  const pair = await server.meet(port)
  pair.server.socket.pause()
  const { all, stalled } = offer(pair.client)
  // The operating system may buffer this much, for three sockets on the way.
  expect(await stalled()).toBeLessThan(OFFERED / 2)

  pair.server.socket.resume()
  await all
  await until(() => expect(pair.server.state()).toBe('ended'))
  expect(hash(pair.server.received())).toBe(hash(noise.toString('latin1').repeat(OFFERED)))
})

test('a sender is paused when much data is delayed, and all of it arrives in order', async () => {
  await network.set('link', { type: 'latency', ms: 600_000 })
  const pair = await server.meet(port)
  const { all, stalled } = offer(pair.server)
  expect(await stalled()).toBeLessThan(OFFERED / 2)
  expect(pair.client.received()).toBe('')

  await network.clear('link')
  await all
  await until(() => expect(pair.client.state()).toBe('ended'))
  expect(hash(pair.client.received())).toBe(hash(noise.toString('latin1').repeat(OFFERED)))
})

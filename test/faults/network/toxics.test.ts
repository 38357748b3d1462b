import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { freePorts } from '../../../deploy/ports.ts'
import { type Network, startNetwork } from './network.ts'
import { dial, type Peer, send, startServer, type TestServer, until } from './test-peers.ts'

let network: Network
let server: TestServer
let port: number

beforeAll(async () => {
  network = startNetwork()
  server = await startServer()
  port = await network.link('link', { port: server.port })
})
afterEach(() => network.clear('link'))
afterAll(async () => {
  await network.close()
  server.close()
})

interface Pair {
  client: Peer
  server: Peer
}

const TOO_MUCH = Buffer.alloc(32 * 1024 * 1024)

const state = (peer: Peer, expected: ReturnType<Peer['state']>) =>
  until(() => expect(peer.state()).toBe(expected))

async function says(from: Peer, to: Peer, text: string): Promise<void> {
  const expected = to.received() + text
  from.socket.write(text)
  await until(() => expect(to.received()).toBe(expected))
}

async function converses(pair: Pair): Promise<void> {
  await says(pair.client, pair.server, 'question')
  await says(pair.server, pair.client, 'answer')
}

async function isReset({ client, server: other }: Pair): Promise<void> {
  await state(client, 'reset')
  await state(other, 'reset')
}

test('down: open connections are reset, new ones refused; then the same port serves again', async () => {
  const pair = await server.meet(port)
  await converses(pair)
  await network.set('link', { type: 'down' })
  await isReset(pair)
  await state(dial(port), 'refused')

  await network.clear('link')
  await converses(await server.meet(port))
})

test('timeout: data and ends are lost; then connections that lost data are reset, the rest continues', async () => {
  const [idle, ended, talking] = [await server.meet(port), await server.meet(port), await server.meet(port)]
  for (const pair of [idle, ended, talking]) await converses(pair)
  await network.set('link', { type: 'timeout', direction: 'both' })
  const late = await server.meet(port)

  ended.client.socket.end()
  // More than the operating system buffers: the network has read some of it, in both directions.
  await send(talking.client.socket, TOO_MUCH)
  await send(talking.server.socket, TOO_MUCH)
  for (const pair of [idle, ended, talking]) {
    expect(pair.server.received()).toBe('question')
    expect(pair.client.received()).toBe('answer')
    expect([pair.client.state(), pair.server.state()]).toEqual(['open', 'open'])
  }

  await network.clear('link')
  await isReset(talking)
  await isReset(ended)
  await converses(idle)
  await converses(late)
})

test('timeout: a reset vanishes, too', async () => {
  const [gone, talking] = [await server.meet(port), await server.meet(port)]
  await network.set('link', { type: 'timeout', direction: 'both' })
  gone.client.socket.resetAndDestroy()
  await send(talking.client.socket, TOO_MUCH)
  expect(gone.server.state()).toBe('open')
  await network.clear('link')
  await state(gone.server, 'reset')
})

test('timeout downstream: requests get through, answers do not', async () => {
  const pair = await server.meet(port)
  await network.set('link', { type: 'timeout', direction: 'downstream' })
  for (const { client, server: other } of [pair, await server.meet(port)]) {
    await says(client, other, 'question')
    await send(other.socket, TOO_MUCH)
    expect(client.received()).toBe('')
    expect(client.state()).toBe('open')
  }
  await network.clear('link')
  await isReset(pair)
})

test('timeout upstream: the server hears nothing, and is heard', async () => {
  const pair = await server.meet(port)
  await network.set('link', { type: 'timeout', direction: 'upstream' })
  await send(pair.client.socket, TOO_MUCH)
  await says(pair.server, pair.client, 'news')
  expect(pair.server.received()).toBe('')
  await network.clear('link')
  await isReset(pair)
})

test('latency: each direction is delayed, in order, including the end', async () => {
  const ms = 60
  const pair = await server.meet(port)
  await network.set('link', { type: 'latency', ms })
  const startedAt = performance.now()
  await says(pair.client, pair.server, 'question')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(ms)
  await says(pair.server, pair.client, 'answer')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2 * ms)

  const words = Array.from({ length: 500 }, (_, i) => `${i} `)
  for (const word of words) await send(pair.client.socket, word)
  pair.client.socket.end()
  await state(pair.server, 'ended')
  expect(pair.server.received()).toBe(`question${words.join('')}`)
  pair.server.socket.end('last')
  await state(pair.client, 'ended')
  expect(pair.client.received()).toBe('answerlast')
})

test('latency: at its end delayed data arrives at once, and nothing is reset', async () => {
  const pair = await server.meet(port)
  await network.set('link', { type: 'latency', ms: 600_000 })
  for (let i = 0; i < 1_000; i++) await send(pair.client.socket, `${i} `)
  expect(pair.server.received()).toBe('')
  await network.clear('link')
  const all = Array.from({ length: 1_000 }, (_, i) => `${i} `).join('')
  await until(() => expect(pair.server.received()).toBe(all))
  await converses(pair)
})

test('reset_peer: a new request gets through, and a reset comes instead of its answer', async () => {
  const pair = await server.meet(port)
  await converses(pair)
  await network.set('link', { type: 'reset_peer' })
  await isReset(pair)

  const late = await server.meet(port)
  await says(late.client, late.server, 'question')
  expect(late.client.state()).toBe('open')
  late.server.socket.write('answer')
  await isReset(late)
  expect(late.client.received()).toBe('')

  await network.clear('link')
  await converses(await server.meet(port))
})

test('limit_data: a connection is closed after so many bytes of answers', async () => {
  const bytes = 10
  const pair = await server.meet(port)
  await converses(pair)
  await network.set('link', { type: 'limit_data', bytes })
  for (const { client, server: other } of [pair, await server.meet(port)]) {
    const before = client.received()
    await says(client, other, 'a question that is longer than ten bytes')
    await says(other, client, '12345')
    other.socket.write('67890 and more')
    await state(client, 'ended')
    expect(client.received()).toBe(`${before}1234567890`)
    await state(other, 'reset')
  }
  await network.clear('link')
  await converses(await server.meet(port))
})

test('limit_data: a slow reader gets all that is allowed before the end', async () => {
  const own = await network.link('to slow readers', { port: server.port })
  const passed = async () => (await network.traffic())['to slow readers']?.bytes ?? 0

  async function fillSlowReader(): Promise<Peer> {
    const { client, server: other } = await server.meet(own)
    client.socket.pause()
    other.socket.write(TOO_MUCH)
    for (let before = -1; before < (await passed()); await sleep(100)) before = await passed()
    return client
  }
  await fillSlowReader()
  // Just before a connection is full: the last bytes are still in the network when the limit is reached.
  const bytes = (await passed()) - 1
  await network.set('to slow readers', { type: 'limit_data', bytes })
  for (const client of [await fillSlowReader(), await fillSlowReader()]) {
    client.socket.resume()
    await state(client, 'ended')
    expect(client.received().length).toBe(bytes)
  }
})

test('a link has one toxic: the next replaces the last', async () => {
  await network.set('link', { type: 'down' })
  await network.set('link', { type: 'timeout', direction: 'downstream' })
  const pair = await server.meet(port)
  await network.set('link', { type: 'limit_data', bytes: 1_000 })
  await converses(pair)
})

test('a toxic is of one link, and only of a known one', async () => {
  const [free = 0] = await freePorts(1)
  const other = await network.link('other', { port: server.port }, free)
  expect(other).toBe(free)
  await network.set('link', { type: 'down' })
  await converses(await server.meet(other))
  await expect(network.set('nowhere', { type: 'down' })).rejects.toThrow('no link nowhere')
})

test('traffic counts open connections and bytes', async () => {
  const own = await network.link('counted', { port: server.port })
  const pair = await server.meet(own)
  await converses(pair)
  const passed = 'question'.length + 'answer'.length
  expect(await network.traffic()).toMatchObject({ counted: { connections: 1, bytes: passed } })
  pair.client.socket.resetAndDestroy()
  await until(async () =>
    expect(await network.traffic()).toMatchObject({ counted: { connections: 0, bytes: passed } }),
  )
})

test('after close its ports refuse', async () => {
  const another = startNetwork()
  const own = await another.link('link', { port: server.port })
  const pair = await server.meet(own)
  await converses(pair)
  await another.close()
  await isReset(pair)
  await state(dial(own), 'refused')
})

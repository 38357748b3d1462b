import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { answeringBroker } from './bootstrap.ts'
import { connectBroker } from './socket.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

const asked: Buffer[] = []
const answering = () =>
  listen((socket) =>
    socket.on('data', (request) => {
      asked.push(Buffer.from(request))
      socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]))
    }),
  )
const frozen = () => listen(() => undefined)
const hangingUp = () => listen((socket) => socket.destroy())

const find = (brokers: string[]) => answeringBroker({ brokers, connect: connectBroker, ssl: undefined })

test('is the one that answers, however many before it accept and say nothing, or close the connection', async () => {
  const alive = await answering()
  const brokers = [await frozen(), await hangingUp(), '127.0.0.1:1', alive]
  expect(await find(brokers)).toEqual([alive])
  // ApiVersions, version 0, correlation id 0, without a client id.
  expect(asked.at(-1)).toEqual(Buffer.from('0000000a0012000000000000ffff', 'hex'))
})

test('when none answers in time all of them are tried, as before', async () => {
  const brokers = [await frozen(), '127.0.0.1:1']
  expect(await find(brokers)).toEqual(brokers)
})

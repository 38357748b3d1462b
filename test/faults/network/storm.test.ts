import { expect, test } from 'vitest'
import { createTestRandom } from '../../../processor/testing/random.ts'
import { startNetwork, type Toxic } from './network.ts'
import { dial, send, startServer, until } from './test-peers.ts'

test('clients and servers that break off at any moment, under any toxic, do no harm and leave nothing', async () => {
  const random = createTestRandom()
  const noise = random.bytes(10_000)
  const some = () => noise.subarray(0, 1 + random.below(noise.length))
  const network = startNetwork()
  let isCalm = false
  const moody = await startServer(({ socket }) => {
    socket.on('end', () => socket.end())
    socket.write(some())
    const mood = isCalm ? 'steady' : random.oneOf('steady', 'short', 'broken')
    if (mood === 'short') socket.end()
    else if (mood === 'broken') socket.resetAndDestroy()
  })
  const port = await network.link('link', { port: moody.port })
  const toxic = () =>
    random.oneOf<Toxic>(
      { type: 'down' },
      { type: 'timeout', direction: random.oneOf('upstream', 'downstream', 'both') },
      { type: 'latency', ms: 1 + random.below(5) },
      { type: 'reset_peer' },
      { type: 'limit_data', bytes: 1 + random.below(10_000) },
    )
  for (let round = 0; round < 40; round++) {
    if (random.chance(0.8)) await network.set('link', toxic())
    else await network.clear('link')
    for (let i = 0; i < 10; i++) {
      const { socket } = dial(port)
      if (random.chance(0.6)) await send(socket, some()).catch(() => undefined)
      if (random.chance(0.5)) socket.resetAndDestroy()
      else socket.end()
    }
  }
  isCalm = true
  await network.clear('link')
  await until(async () => expect(await network.traffic()).toMatchObject({ link: { connections: 0 } }))
  const late = dial(port)
  late.socket.end()
  await until(() => expect(late.state()).toBe('ended'))
  await network.close()
  moody.close()
})

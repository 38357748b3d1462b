import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { startProcessor, type TestProcessor } from '../testing/processor.ts'
import { probeProcessor } from './probe-processor.ts'

let processor: TestProcessor | undefined
afterEach(() => processor?.stop())

test('any status is an answer, on a connection of its own each time', async () => {
  const sockets = new Set<Socket>()
  processor = await startProcessor((request, response) => {
    sockets.add(request.socket)
    response.writeHead(503).end()
  })
  expect([await probeProcessor(processor.url), await probeProcessor(processor.url)]).toEqual([true, true])
  expect(processor.requests.map(({ url }) => url)).toEqual(['/health/live', '/health/live'])
  expect(sockets.size).toBe(2)
})

test('a refused connection, silence and something that is not HTTP are none', async () => {
  expect(await probeProcessor('http://127.0.0.1:1')).toBe(false)
  const babble = createServer((socket) => socket.end('220 mail.example\r\n'))
  await new Promise<void>((resolve) => babble.listen(0, '127.0.0.1', resolve))
  const { port } = babble.address() as { port: number }
  expect(await probeProcessor(`http://127.0.0.1:${port}`)).toBe(false)
  babble.close()
  processor = await startProcessor(() => undefined)
  expect(await probeProcessor(processor.url)).toBe(false)
})

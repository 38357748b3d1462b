import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts, isFree } from './ports.ts'

test('finds free ports, and detects a used one', async () => {
  const [port = 0, other] = await freePorts(2)
  expect(other).not.toBe(port)
  expect(await isFree(port)).toBe(true)

  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  expect(await isFree(port)).toBe(false)
})

test('sees a server that would share its port', async () => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', reusePort: true, fetch: () => new Response() })
  onTestFinished(() => server.stop(true))
  expect(await isFree(server.port ?? 0)).toBe(false)
})

test('returns no port twice, although nothing listens on it yet', async () => {
  const given = (await Promise.all(Array.from({ length: 20 }, () => freePorts(100)))).flat()
  expect(new Set(given).size).toBe(2_000)
})

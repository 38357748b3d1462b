import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
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
  const given = (await Promise.all(Array.from({ length: 20 }, () => freePorts(10)))).flat()
  expect(new Set(given).size).toBe(200)
})

test('returns no port that another process was given and does not listen on yet', async () => {
  const ports = fileURLToPath(new URL('ports.ts', import.meta.url))
  const program = `import { freePorts } from ${JSON.stringify(ports)}
    console.log(await freePorts(1)); setInterval(() => undefined, 1_000)`
  const other = Bun.spawn([process.execPath, '-e', program], { stdout: 'pipe' })
  onTestFinished(() => other.kill('SIGKILL'))
  const { value } = await other.stdout.getReader().read()
  const theirs = Number(/\d+/.exec(new TextDecoder().decode(value))?.[0])
  const random = vi.spyOn(Math, 'random').mockReturnValueOnce((theirs + 0.5 - 20_000) / 12_000)
  onTestFinished(() => random.mockRestore())
  const [ours] = await freePorts(1)
  expect(random.mock.calls.length).toBeGreaterThan(1)
  expect(ours).not.toBe(theirs)
})

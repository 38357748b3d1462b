import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createGateways, type RunningGateway, type Runtime } from '../../test/run-gateway.ts'
import { startProcessor, type TestProcessor } from '../testing/processor.ts'

const runtimes: Runtime[] = ['bun', 'deno', 'node']

/** A processor that can freeze: it accepts connections and answers nothing. */
async function startFreezable(name: string) {
  let isFrozen = false
  const waiting = new Set<Socket>()
  const processor = await startProcessor((request, response) => {
    if (isFrozen) {
      waiting.add(request.socket)
      request.socket.on('close', () => waiting.delete(request.socket))
    } else if (request.url === '/notifications/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${name}\n\ndata: {"ha`)
    } else if (request.url === '/notifications?kind=none') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"items":[', () => setTimeout(() => response.destroy(), 100))
    } else if (request.url === '/notifications/stream?kind=none') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\ndata: {"ha', () => setTimeout(() => response.destroy(), 100))
    } else response.end(name)
  })
  return { ...processor, waiting, freeze: (frozen: boolean) => (isFrozen = frozen) }
}

describe.concurrent.each(runtimes)('on %s', (runtime) => {
  const gateways = createGateways(inject('kafkaBrokers'))
  const processors: Awaited<ReturnType<typeof startFreezable>>[] = []
  let gateway: RunningGateway

  beforeAll(async () => {
    processors.push(await startFreezable('a'), await startFreezable('b'))
    const urls = processors.map(({ url }) => url).join(',')
    gateway = await gateways.start({ PROCESSOR_URLS: urls }, runtime)
    await gateway.ready()
  })
  afterAll(async () => {
    await gateways.stop()
    await Promise.all(processors.map(({ stop }: TestProcessor) => stop()))
  })

  const read = async () => (await fetch(`${gateway.url}/notifications`)).text()
  const check = async () => {
    const { checks } = (await (await fetch(`${gateway.url}/health/ready`)).json()) as {
      checks: { name: string }[]
    }
    return checks.find(({ name }) => name === 'processors')
  }
  const metric = async (name: string) => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
  }
  const changes = () =>
    gateway.log.filter((line) => line.includes('"processor":')).map((line) => JSON.parse(line) as object)

  test.sequential('reads go on while a processor is frozen, its stream ends, and all of it is reported', async () => {
    const [a, b] = processors
    const stream = await fetch(`${gateway.url}/notifications/stream`)
    const reader = stream.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    const frozen = new TextDecoder().decode(value) === 'data: a\n\n' ? a : b
    const able = frozen === a ? 'b' : 'a'
    expect(await check()).toEqual({ name: 'processors', status: 'pass' })

    frozen?.freeze(true)
    const answers = await Promise.all(Array.from({ length: 60 }, read))
    expect(new Set(answers)).toEqual(new Set([able]))
    const { value: last } = (await reader?.read()) ?? {}
    expect(new TextDecoder().decode(last)).toMatch(/^retry: \d{1,3}\n\n$/)
    expect((await reader?.read())?.done).toBe(true)
    expect(await check()).toEqual({
      name: 'processors',
      status: 'warn',
      detail: `1 of 2 processors does not respond: ${frozen?.url}`,
    })
    expect([await metric('checkout_processors_answering'), await metric('checkout_processors')]).toEqual([
      1, 2,
    ])
    expect(await metric('checkout_reads_hedged_total')).toBeGreaterThan(0)
    // Each probe has a connection for at most a second.
    await vi.waitFor(() => expect(frozen?.waiting.size).toBe(0), { timeout: 15_000, interval: 50 })

    frozen?.freeze(false)
    await vi.waitFor(async () => expect(await metric('checkout_processors_answering')).toBe(2), {
      timeout: 15_000,
    })
    expect(await check()).toEqual({ name: 'processors', status: 'pass' })
    expect(new Set([await read(), await read()])).toEqual(new Set(['a', 'b']))
    expect(changes()).toMatchObject([
      { level: 'warn', processor: frozen?.url, answering: 1 },
      { level: 'info', processor: frozen?.url, answering: 2 },
    ])
  })

  test.sequential('an answer that breaks off leaves nothing but log lines on standard output and error', async () => {
    const linesBefore = gateway.log.length
    const page = await fetch(`${gateway.url}/notifications?kind=none`)
    await expect(page.text()).rejects.toThrow()
    const stream = await fetch(`${gateway.url}/notifications/stream?kind=none`)
    expect(await stream.text()).toMatch(/^data: 1\n\nretry: \d{1,3}\n\n$/)
    gateway.child.kill('SIGTERM')
    await gateway.exited
    const lines = gateway.log.slice(linesBefore)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter((line) => !line.startsWith('{"level":'))).toEqual([])
  })
})

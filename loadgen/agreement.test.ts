import { createServer, type Socket } from 'node:net'
import { expect, type TestContext, test } from 'vitest'
import { createLoadTest } from './load-test.ts'
import { readOptions } from './options/options.ts'
import type { Metrics } from './run-result.ts'
import { createSeededRandom } from './shoppers/seeded-random.ts'

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed of the random delays: ${seed}`)

const never = new AbortController().signal

/** A server that measures the duration of each answer itself, and counts the bytes on its sockets. */
async function startMeasuringServer(
  { onTestFinished }: TestContext,
  delayMs: () => number,
  statusOf: (n: number) => number,
) {
  const took: number[] = []
  const statuses = new Map<number, number>()
  const arrivals: number[] = []
  let bytesIn = 0
  let bytesOut = 0

  function answer(socket: Socket, receivedAt: number) {
    const status = statusOf(took.length)
    const text = `HTTP/1.1 ${status} X\r\ncontent-length: 2\r\n\r\n{}`
    socket.write(text)
    took.push(performance.now() - receivedAt)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    bytesOut += text.length
  }

  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    let text = ''
    socket.on('data', (data) => {
      const receivedAt = performance.now()
      bytesIn += data.length
      text += data.toString('latin1')
      const [, head = '', length = ''] =
        /^([^]*?content-length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n)/.exec(text) ?? []
      if (head === '' || text.length < head.length + Number(length)) return
      text = ''
      arrivals.push(receivedAt)
      setTimeout(() => answer(socket, receivedAt), delayMs())
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    statuses,
    arrivals,
    bytes: () => ({ in: bytesIn, out: bytesOut }),
    quantile(q: number): number {
      const sorted = took.toSorted((a, b) => a - b)
      return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
    },
  }
}

async function load(target: string, ...args: string[]): Promise<{ metrics: Metrics; failures: object }> {
  const command = await readOptions(['--target', target, '--no-verify', ...args])
  if (command.kind !== 'load') throw new Error('it is no load')
  const { metrics, load: rest } = await createLoadTest(command.options).run(never, never)
  return { metrics: metrics as unknown as Metrics, failures: rest.failures }
}

test('its figures are those that the server measured itself', async (context) => {
  const randomizer = createSeededRandom()
  randomizer.seed(seed)
  const server = await startMeasuringServer(
    context,
    () => (randomizer.next() < 0.97 ? 10 : 300),
    (n) => (n % 10 === 9 ? 503 : 202),
  )
  const { metrics, failures } = await load(server.url, '--rate', '200', '--duration', '5s')

  expect(metrics.http_reqs.count).toBe(1_000)
  expect(metrics.http_req_failed).toMatchObject({ passes: 100, fails: 900 })
  expect(failures).toEqual({ '503': server.statuses.get(503) })
  expect(metrics.data_sent.count).toBe(server.bytes().in)
  expect(metrics.data_received.count).toBe(server.bytes().out)

  // A client measures the duration at the server plus the round trip; 1 ms is for timers, 1 % for the steps
  // of the histogram.
  const { med, max, ...percentiles } = metrics.http_req_service_time
  for (const [ours, theirs] of [
    [med, server.quantile(0.5)],
    [percentiles['p(90)'], server.quantile(0.9)],
    [percentiles['p(99)'], server.quantile(0.99)],
    [max, server.quantile(1)],
  ] as const) {
    expect(ours).toBeGreaterThan(theirs * 0.99 - 1)
    expect(ours).toBeLessThan(theirs + 100)
  }
})

// A machine that stalls delays some arrivals, and loses none.
test.concurrent.for([100, 1_000])('a rate of %d/s is what arrives', async (rate, context) => {
  const server = await startMeasuringServer(
    context,
    () => 0,
    () => 202,
  )
  const { metrics } = await load(server.url, '--rate', String(rate), '--duration', '4s')
  expect(metrics.dropped_iterations.count).toBe(0)
  expect(server.arrivals).toHaveLength(4 * rate)
  const [first = 0] = server.arrivals
  const last = server.arrivals.at(-1) ?? 0
  expect(last - first).toBeGreaterThan(4_000 * 0.99 - 1_000 / rate)
})

import { connect } from 'node:net'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { serve } from '../../backbone/http/serve.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { MAX_BATCH_BYTES, problem, startApp } from '../testing/app.ts'

const MOST_BYTES = 64 * 1024 * 1024

const stops: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

const postTo = (
  { app }: ReturnType<typeof startApp>,
  path: string,
  body: ReadableStream | string,
  headers = {},
) => app.request(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

test('batches that are received at once cannot exceed their memory limit, and do not block purchases', async () => {
  const started = startApp()
  const piece = new Uint8Array(MAX_BATCH_BYTES - 1).fill(0x20)
  const streams = Array.from({ length: Math.floor(MOST_BYTES / piece.length) }, () => {
    const stream = new TransformStream<Uint8Array, Uint8Array>()
    const writer = stream.writable.getWriter()
    return { readable: stream.readable, writer, written: writer.write(piece) }
  })
  const receiving = streams.map(async ({ readable }) => postTo(started, '/checkout/batch', readable))
  await Promise.all(streams.map(({ written }) => written))
  const large = JSON.stringify(Array.from({ length: 1_000 }, () => boughtQuickly))
  const refused = await postTo(started, '/checkout/batch', large)
  expect([refused.status, await refused.json()]).toEqual([503, problem('overloaded')])
  expect((await postTo(started, '/checkout', JSON.stringify(boughtQuickly))).status).toBe(202)
  await Promise.all(streams.map(async ({ writer }) => writer.close()))
  expect((await Promise.all(receiving)).map(({ status }) => status)).toEqual(streams.map(() => 400))
  expect((await postTo(started, '/checkout/batch', large)).status).toBe(202)
})

test('a client that has sent nothing yet uses no memory, for any announced length', async () => {
  const started = startApp()
  const waiting = Array.from({ length: 200 }, async () =>
    postTo(started, '/checkout/batch', new ReadableStream(), { 'content-length': String(MAX_BATCH_BYTES) }),
  )
  const batch = JSON.stringify([boughtQuickly])
  expect((await postTo(started, '/checkout/batch', batch)).status).toBe(202)
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 408))
})

test.each(['5, 5', '', 'five', '-5'])(
  'a length of %j is none: 400, and nothing is stored',
  async (length) => {
    const started = startApp()
    for (const path of ['/checkout', '/checkout/batch']) {
      const response = await postTo(started, path, JSON.stringify([boughtQuickly]), {
        'content-length': length,
      })
      expect(await response.json()).toEqual(problem('invalid-request'))
    }
    expect(started.publish).not.toHaveBeenCalled()
  },
)

test.each(['content-length: 500\r\n\r\n{"id":', 'transfer-encoding: chunked\r\n\r\n6\r\n{"id":\r\n'])(
  'a client that leaves in the middle of its body is no fault of the gateway’s: %j',
  async (rest) => {
    const lines: string[] = []
    const stream = new Writable({
      write(line, _, done) {
        lines.push(String(line))
        done()
      },
    })
    const { app } = startApp({ log: pino(stream) })
    const begun = Promise.withResolvers<void>()
    const { port, stop } = await serve({ host: '127.0.0.1', port: 0 }, (request) => {
      begun.resolve()
      return app.fetch(request, {})
    })
    stops.push(() => stop(0))
    const counted = async () => (await app.request('/metrics')).text()
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST /checkout HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${rest}`)
    await begun.promise
    socket.destroy()
    await vi.waitFor(async () =>
      expect(await counted()).toMatch(/_count\{.*route="\/checkout",status="408"\} 1/),
    )
    expect(await counted()).not.toMatch(/status="500"\} [1-9]/)
    expect(lines).toEqual([])
  },
)

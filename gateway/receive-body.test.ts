import { connect } from 'node:net'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { serve } from '../backbone/serve.ts'
import { boughtQuickly } from '../test/sample-checkouts.ts'
import { createBodyBudget } from './receive-body.ts'
import { MAX_BATCH_BYTES, problem, startApp } from './test-app.ts'

const overloaded = expect.objectContaining({ code: 'overloaded' })
const MOST_BYTES = 64 * 1024 * 1024

const stops: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

test('bytes that were given back are others’, to the last one', () => {
  const { take } = createBodyBudget(10)
  const giveBack = take(6)
  take(4)
  expect(() => take(1)).toThrow(overloaded)
  giveBack()
  take(6)
  expect(() => take(1)).toThrow(overloaded)
})

test('more bodies at once than there is memory for are refused, before they are read', async () => {
  const { app, post } = startApp()
  const postBatch = async (body: ReadableStream | string) =>
    app.request('/checkout/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
  const streams = Array.from(
    { length: Math.floor(MOST_BYTES / MAX_BATCH_BYTES) },
    () => new TransformStream(),
  )
  const receiving = streams.map(({ readable }) => postBatch(readable))
  const refused = await postBatch(new ReadableStream())
  expect([refused.status, await refused.json()]).toEqual([503, problem('overloaded')])
  expect((await post(JSON.stringify(boughtQuickly))).status).toBe(202)
  await Promise.all(streams.map(({ writable }) => writable.close()))
  expect((await Promise.all(receiving)).map(({ status }) => status)).toEqual(streams.map(() => 400))
  expect((await postBatch(JSON.stringify([boughtQuickly]))).status).toBe(202)
})

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
    const { port, stop } = await serve({ host: '127.0.0.1', port: 0 }, (request) => app.fetch(request, {}))
    stops.push(stop)
    const counted = async () => (await app.request('/metrics')).text()
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST /checkout HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${rest}`)
    // It has been received as far as it goes.
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    await vi.waitFor(async () => expect(await counted()).toContain('route="/checkout",status="408"'))
    expect(await counted()).not.toContain('status="500"')
    expect(lines).toEqual([])
  },
)

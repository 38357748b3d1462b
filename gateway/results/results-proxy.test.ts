import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { startProcessor, type TestProcessor } from '../testing/processor.ts'
import { createProcessorPool } from './processor-pool.ts'
import { createResultsProxy } from './results-proxy.ts'

const started: TestProcessor[] = []
afterEach(() => Promise.all(started.splice(0).map(({ stop }) => stop())))

async function processor(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const it = await startProcessor(answer)
  started.push(it)
  return it
}
const says = (text: string) => processor((_, response) => response.end(text))
const NOBODY = 'http://127.0.0.1:1'

function proxyTo(...urls: string[]) {
  const draining = new AbortController()
  const pool = createProcessorPool({ urls, log: pino({ level: 'silent' }) })
  const hedged = vi.fn()
  const results = createResultsProxy({ pool, draining: draining.signal, onHedge: hedged })
  const get = (path: string, init: RequestInit = {}) =>
    results(new Request(`http://gateway${path}`, init), 'request-1')
  return { get, pool, hedged, drain: () => draining.abort() }
}
const textFrom = async (response: Promise<Response>) => (await response).text()

const streamHead = { 'content-type': 'text/event-stream' }
const eventStream = (first: string) =>
  processor((_, response) => {
    response.writeHead(200, streamHead)
    response.write(first)
  })

test('forwards the path, the query, the request id and the needed headers, nothing else', async () => {
  const { url, requests } = await says('ok')
  const headers = {
    accept: 'text/html',
    'last-event-id': 'c1',
    prefer: 'wait=1',
    cookie: 'shop=secret; __Host-session=a.b.c; other=1',
    authorization: 'Bearer k.s',
    'x-other': '1',
  }
  await textFrom(proxyTo(url).get('/notifications?kind=quick&limit=1', { headers }))
  expect(requests[0]?.url).toBe('/notifications?kind=quick&limit=1')
  const { host: _, connection: __, ...received } = requests[0]?.headers ?? {}
  expect(received).toEqual({
    accept: 'text/html',
    authorization: 'Bearer k.s',
    cookie: '__Host-session=a.b.c',
    'last-event-id': 'c1',
    prefer: 'wait=1',
    'x-request-id': 'request-1',
  })
})

test('returns status, headers and body, without hop-by-hop headers', async () => {
  const { url } = await processor((_, response) => {
    response.writeHead(404, {
      'content-type': 'application/problem+json',
      link: ['<a>', '<b>'],
      connection: 'keep-alive, x-mine',
      'x-mine': '1',
    })
    response.end('{}')
  })
  const response = await proxyTo(url).get('/checkout/x')
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('link')).toBe('<a>, <b>')
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'x-mine']) {
    expect([name, response.headers.has(name)]).toEqual([name, false])
  }
  expect(await response.text()).toBe('{}')
})

test('HEAD is forwarded as HEAD', async () => {
  const { url, requests } = await says('ok')
  const response = await proxyTo(url).get('/notifications', { method: 'HEAD' })
  expect([response.status, response.body, requests[0]?.method]).toEqual([200, null, 'HEAD'])
})

test('reads go round robin', async () => {
  const [a, b] = [await says('a'), await says('b')]
  const { get } = proxyTo(a.url, b.url)
  const answers = []
  for (let i = 0; i < 4; i++) answers.push(await textFrom(get('/notifications')))
  expect(answers).toEqual(['a', 'b', 'a', 'b'])
})

test('one that cannot be reached or answers 503 is skipped, and asked last for a while', async () => {
  const unable = await processor((_, response) => response.writeHead(503).end())
  const able = await says('able')
  const { get } = proxyTo(NOBODY, unable.url, able.url)
  for (let i = 0; i < 4; i++) expect(await textFrom(get('/notifications'))).toBe('able')
  expect(unable.requests).toHaveLength(1)
})

test('without any processor the answer is 503', async () => {
  const unable = await processor((_, response) => response.writeHead(503).end())
  const unavailable = expect.objectContaining({ code: 'results-unavailable' })
  await expect(proxyTo().get('/notifications')).rejects.toThrow(unavailable)
  await expect(proxyTo(NOBODY).get('/notifications')).rejects.toThrow(unavailable)
  await expect(proxyTo(NOBODY, unable.url).get('/notifications')).rejects.toThrow(unavailable)
})

test('retries on the only one when it has closed a kept connection', async () => {
  let connections = 0
  const { url } = await processor((request, response) => {
    if (++connections === 1) request.socket.destroy()
    else response.end('ok')
  })
  expect(await textFrom(proxyTo(url).get('/notifications'))).toBe('ok')
})

test('a stream is forwarded without delay, including its end', async () => {
  const disconnected = vi.fn()
  const { url } = await processor((_, response) => {
    response.on('close', disconnected)
    response.writeHead(200, streamHead).write('data: 1\n\n')
  })
  const response = await proxyTo(url).get('/notifications/stream')
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  expect(new TextDecoder().decode(value)).toBe('data: 1\n\n')
  expect(disconnected).not.toHaveBeenCalled()
  await reader?.cancel()
  await vi.waitFor(() => expect(disconnected).toHaveBeenCalled())
})

test('a client that disconnects before the answer cancels its request', async () => {
  const disconnected = vi.fn()
  const { url, requests } = await processor((_, response) => response.on('close', disconnected))
  const client = new AbortController()
  const answer = proxyTo(url).get('/checkout/x', { signal: client.signal, headers: { prefer: 'wait=30' } })
  await vi.waitFor(() => expect(requests).toHaveLength(1))
  client.abort()
  await expect(answer).rejects.toThrow()
  await vi.waitFor(() => expect(disconnected).toHaveBeenCalled())
  expect(requests).toHaveLength(1)
})

test('a page that breaks off does not look complete to its client', async () => {
  const { url } = await processor((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"items":[', () => response.destroy())
  })
  await expect(textFrom(proxyTo(url).get('/notifications'))).rejects.toThrow()
})

test('an event stream that breaks off ends after its last complete frame, with a short retry', async () => {
  const { url } = await processor((_, response) => {
    response.writeHead(200, streamHead)
    response.write('data: 1\n\ndata: {"ha', () => response.destroy())
  })
  const text = await textFrom(proxyTo(url).get('/notifications/stream'))
  expect(text).toMatch(/^data: 1\n\nretry: \d{1,3}\n\n$/)
})

test('nothing is buffered for a reader that does not read', async () => {
  const TOTAL = 2 ** 26
  const chunk = Buffer.alloc(2 ** 16, '\n')
  let written = 0
  const { url } = await processor((_, response) => {
    response.writeHead(200, streamHead)
    const writeOn = () => {
      while (written < TOTAL) {
        written += chunk.length
        if (!response.write(chunk)) return
      }
      response.end()
    }
    response.on('drain', writeOn)
    writeOn()
  })
  const response = await proxyTo(url).get('/notifications/stream')
  let before = -1
  await vi.waitFor(
    () => {
      const stuck = written === before
      before = written
      expect(stuck).toBe(true)
    },
    { interval: 200, timeout: 10_000 },
  )
  expect(written).toBeLessThan(TOTAL / 2)
  expect((await response.arrayBuffer()).byteLength).toBe(TOTAL)
})

test('any number of streams leaves room for other requests', async () => {
  const { url } = await processor((request, response) => {
    if (request.url === '/notifications') return response.end('page')
    return response.writeHead(200, streamHead).write('retry: 1\n\n')
  })
  const { get } = proxyTo(url)
  const streams = await Promise.all(Array.from({ length: 300 }, () => get('/notifications/stream')))
  expect(await textFrom(get('/notifications'))).toBe('page')
  for (const { body } of streams) await body?.cancel()
})

test('a drain ends streams, old and new, but not pages', async () => {
  const { url } = await eventStream('data: 1\n\n')
  const page = Promise.withResolvers<ServerResponse>()
  const slow = await processor((_, response) => page.resolve(response.writeHead(200)))
  const { get, drain } = proxyTo(url, slow.url)
  const stream = await get('/notifications/stream')
  const pages = get('/notifications')
  ;(await page.promise).write('first ')
  const slowPage = await pages
  drain()
  const late = textFrom(get('/notifications/stream'))
  expect(await stream.text()).toBe('data: 1\n\n')
  expect(await late).toBe('data: 1\n\n')
  ;(await page.promise).end('last')
  expect(await slowPage.text()).toBe('first last')
})

test('a drain ends waits for outcomes', async () => {
  const { url, requests } = await processor(() => undefined)
  const { get, drain } = proxyTo(url)
  const answer = get('/checkout/x', { headers: { prefer: 'wait=30' } })
  await vi.waitFor(() => expect(requests).toHaveLength(1))
  drain()
  await expect(answer).rejects.toThrow(expect.objectContaining({ code: 'draining' }))
})

test('also waits that begin during the drain', async () => {
  const { url } = await processor(() => undefined)
  const { get, drain } = proxyTo(url)
  drain()
  await expect(get('/checkout/x', { headers: { prefer: 'wait=30' } })).rejects.toThrow(
    expect.objectContaining({ code: 'draining' }),
  )
})

test('a frozen processor delays a read by its wait at most, then another one answers', async () => {
  const frozen = await processor(() => undefined)
  const able = await says('able')
  const { get } = proxyTo(frozen.url, able.url)
  expect(await textFrom(get('/checkout/x', { headers: { prefer: 'wait=1' } }))).toBe('able')
  expect(able.requests.map(({ headers }) => headers['prefer'])).toEqual(['wait=0'])
})

test('a read with a wait is not hedged before the wait is over', async () => {
  const slow = await processor((_, response) => setTimeout(() => response.end('slow'), 900))
  const other = await says('other')
  const { get, hedged } = proxyTo(slow.url, other.url)
  expect(await textFrom(get('/checkout/x', { headers: { prefer: 'wait=1' } }))).toBe('slow')
  expect(other.requests).toHaveLength(0)
  expect(hedged).not.toHaveBeenCalled()
})

test.each(['/notifications/export?product=rare', '/insights/slow?since=2026-11-29T00:00:00Z'])(
  '%s searches all outcomes: it is not hedged, and is not asked to wait',
  async (path) => {
    const slow = await processor((_, response) => setTimeout(() => response.end('slow'), 900))
    const other = await says('other')
    const { get, hedged } = proxyTo(slow.url, other.url)
    expect(await textFrom(get(path))).toBe('slow')
    expect(slow.requests[0]?.headers).not.toHaveProperty('prefer')
    expect(other.requests).toHaveLength(0)
    expect(hedged).not.toHaveBeenCalled()
  },
)

test('an export moves on when its processor is taken out', async () => {
  const frozen = await processor(() => undefined)
  const able = await says('able')
  const { get, pool } = proxyTo(frozen.url, able.url)
  const text = textFrom(get('/notifications/export'))
  await vi.waitFor(() => expect(frozen.requests).toHaveLength(1))
  pool.probed(able.url, true)
  pool.probed(frozen.url, false)
  expect(await text).toBe('able')
})

test('a slow read is also sent to the next processor; the first answer wins and the other request is closed', async () => {
  const closed = vi.fn()
  const frozen = await processor((request) => request.socket.on('close', closed))
  const able = await says('able')
  const { get, hedged } = proxyTo(frozen.url, able.url)
  const beganAt = performance.now()
  expect(await textFrom(get('/notifications'))).toBe('able')
  expect(performance.now() - beganAt).toBeLessThan(1_000)
  expect(hedged).toHaveBeenCalledOnce()
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
})

test('a 404 from the first that answers is the answer', async () => {
  const slow = await processor((_, response) => setTimeout(() => response.end('slow'), 5_000))
  const behind = await processor((_, response) => response.writeHead(404).end('behind'))
  const { get } = proxyTo(slow.url, behind.url)
  const response = await get('/checkout/x')
  expect([response.status, await response.text()]).toEqual([404, 'behind'])
})

test('after a late read, other reads go to other processors first', async () => {
  const frozen = await processor(() => undefined)
  const able = await says('able')
  const { get } = proxyTo(frozen.url, able.url)
  for (let read = 0; read < 20; read++) expect(await textFrom(get('/notifications'))).toBe('able')
  expect(frozen.requests).toHaveLength(1)
})

test('hedges are limited; reads on a processor that is taken out move on at once, and leave no connection open', async () => {
  const sockets = new Set<Socket>()
  const frozen = await processor((request) => {
    sockets.add(request.socket)
    request.socket.on('close', () => sockets.delete(request.socket))
  })
  const able = await says('able')
  const { get, pool, hedged } = proxyTo(frozen.url, able.url)
  const reads = Array.from({ length: 100 }, () => textFrom(get('/notifications')))
  await vi.waitFor(() => expect(hedged.mock.calls.length).toBeGreaterThanOrEqual(10))
  expect(hedged.mock.calls.length).toBeLessThanOrEqual(20)
  expect(sockets.size).toBeGreaterThan(20)
  pool.probed(frozen.url, false)
  expect(new Set(await Promise.all(reads))).toEqual(new Set(['able']))
  await vi.waitFor(() => expect(sockets.size).toBe(0))
})

test('the streams of a processor that is taken out end between two frames, with a short retry', async () => {
  const closed = vi.fn()
  const frozen = await processor((_, response) => {
    response.on('close', closed)
    response.writeHead(200, streamHead).write('data: 1\n\ndata: {"ha')
  })
  const { get, pool } = proxyTo(frozen.url, NOBODY)
  const stream = await get('/notifications/stream')
  pool.probed(NOBODY, false)
  pool.probed(frozen.url, false)
  const reader = stream.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  expect(new TextDecoder().decode(value)).toBe('data: 1\n\n')
  expect(closed).not.toHaveBeenCalled()
  pool.probed(NOBODY, true)
  const { value: last } = (await reader?.read()) ?? {}
  expect(new TextDecoder().decode(last)).toMatch(/^retry: \d{1,3}\n\n$/)
  expect((await reader?.read())?.done).toBe(true)
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
})

test('a page is aborted once its processor is taken out', async () => {
  const frozen = await processor((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"items":['),
  )
  const { get, pool } = proxyTo(frozen.url, NOBODY)
  const page = await get('/notifications')
  pool.probed(frozen.url, false)
  await expect(page.text()).rejects.toThrow()
})

test('a slow processor is waited for if there is no other', async () => {
  const { url, requests } = await processor((_, response) => setTimeout(() => response.end('late'), 2_500))
  expect(await textFrom(proxyTo(url).get('/checkout/x', { headers: { prefer: 'wait=1' } }))).toBe('late')
  expect(requests).toHaveLength(1)
})

test('a page that was begun in a drain is finished', async () => {
  const { url } = await processor((_, response) => {
    response.write('first ')
    setTimeout(() => response.end('last'), 3_000)
  })
  const { get, drain } = proxyTo(url)
  drain()
  expect(await textFrom(get('/notifications'))).toBe('first last')
})

test('no processor is asked to wait for a disconnected client', async () => {
  const { url } = await processor(() => undefined)
  const asked = { signal: AbortSignal.abort(), headers: { prefer: 'wait=30' } }
  await expect(proxyTo(url).get('/checkout/x', asked)).rejects.toThrow()
})

test('an invalid header value is rejected, and no processor is blamed for it', async () => {
  const { url } = await says('ok')
  const { get } = proxyTo(url)
  // Bun accepts it from a socket and in this test; a client that would forward it does not.
  await expect(get('/notifications/stream', { headers: { 'last-event-id': 'a\x7fb' } })).rejects.toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  )
  expect(await textFrom(get('/notifications'))).toBe('ok')
})

test('the processor sees the close of a drained stream', async () => {
  const opened = Promise.withResolvers<ServerResponse>()
  const { url } = await processor((_, response) => {
    response.writeHead(200, streamHead).write('data: 1\n\n')
    opened.resolve(response)
  })
  const { get, drain } = proxyTo(url)
  const stream = await get('/notifications/stream')
  const closed = once(await opened.promise, 'close')
  drain()
  await stream.text()
  await closed
})

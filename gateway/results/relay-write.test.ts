import { afterEach, expect, test } from 'vitest'
import { startProcessor, type TestProcessor } from '../testing/processor.ts'
import { createWriteRelay } from './relay-write.ts'

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const processors: TestProcessor[] = []
afterEach(async () => {
  for (const { stop } of processors.splice(0)) await stop()
})

/** A processor that answers with this status and what it received. */
async function answering(status: number): Promise<TestProcessor> {
  const processor = await startProcessor((request, response) => {
    const received: Buffer[] = []
    request.on('data', (chunk: Buffer) => received.push(chunk))
    request.on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json', location: '/there' })
      response.end(
        status === 204 ? undefined : JSON.stringify({ status, body: Buffer.concat(received).toString() }),
      )
    })
  })
  processors.push(processor)
  return processor
}

function relayTo(...urls: string[]) {
  const failed: string[] = []
  const client = new AbortController()
  const relay = createWriteRelay({
    next: () => urls,
    answered: () => undefined,
    failed: (url) => void failed.push(url),
  })
  const request = new Request('http://gateway/forecast/events', {
    headers: { authorization: 'Bearer k.s', cookie: 'other=1' },
    signal: client.signal,
  })
  return {
    failed,
    disconnect: () => client.abort(),
    post: (body: unknown) =>
      relay({ method: 'POST', path: '/forecast/events', body }, request, 'id-1', { traceparent }),
  }
}

test('the answer of the processor is passed on, and its request has body, credential, id and trace', async () => {
  const processor = await answering(201)
  const response = await relayTo(processor.url).post({ times: 12 })
  expect([response.status, response.headers.get('location')]).toEqual([201, '/there'])
  expect(await response.json()).toEqual({ status: 201, body: '{"times":12}' })
  const { method, url, headers } = processor.requests[0]!
  expect([method, url]).toEqual(['POST', '/forecast/events'])
  expect(headers).toMatchObject({
    authorization: 'Bearer k.s',
    'x-request-id': 'id-1',
    traceparent,
    'content-type': 'application/json',
  })
  expect(headers.cookie).toBeUndefined()
})

test('one after the other is asked until one can answer, and none after it', async () => {
  const [unready, done, spare] = [await answering(503), await answering(204), await answering(204)]
  const { post, failed } = relayTo('http://127.0.0.1:1', unready.url, done.url, spare.url)
  const response = await post({})
  expect([response.status, await response.text()]).toEqual([204, ''])
  expect(failed).toEqual(['http://127.0.0.1:1'])
  expect([unready, done, spare].map(({ requests }) => requests.length)).toEqual([1, 1, 0])
})

test('if none can answer, the last reason is passed on', async () => {
  const unready = await answering(503)
  expect((await relayTo(unready.url, 'http://127.0.0.1:1').post({})).status).toBe(503)
  await expect(relayTo('http://127.0.0.1:1').post({})).rejects.toMatchObject({ code: 'results-unavailable' })
  await expect(relayTo().post({})).rejects.toMatchObject({ code: 'results-unavailable' })
})

test('a client that disconnects says nothing about the processor, and no other one is asked', async () => {
  const received = Promise.withResolvers<void>()
  const silent = await startProcessor(() => received.resolve())
  processors.push(silent)
  const spare = await answering(201)
  const { post, failed, disconnect } = relayTo(silent.url, spare.url)
  const answer = post({})
  await received.promise
  disconnect()
  await expect(answer).rejects.toMatchObject({ code: 'results-unavailable' })
  expect(failed).toEqual([])
  expect(spare.requests).toEqual([])
})

import { expect, onTestFinished, test } from 'vitest'
import { createGatewayClient } from './gateway-client.ts'
import { startTestGateway } from './test-gateway.ts'

async function connect(answer: Parameters<typeof startTestGateway>[0], timeoutMs = 10_000) {
  const gateway = await startTestGateway(answer)
  const client = createGatewayClient(gateway.url, timeoutMs)
  onTestFinished(async () => {
    client.close()
    await gateway.stop()
  })
  return { ...client, ...gateway }
}

const REQUEST = { key: '"k"', body: '{"nombre":"Íñigo"}' }

test('an answer that does not come in time is a timeout, and its connection is not used again', async () => {
  const sockets = new Set<unknown>()
  const { post } = await connect((response, { index, request }) => {
    sockets.add(request.socket)
    if (index > 0) response.end('late')
  }, 1_000)
  await expect(post(REQUEST)).rejects.toMatchObject({ failure: 'timeout', resent: false })
  expect(await post(REQUEST)).toMatchObject({ status: 200, body: 'late', resent: false })
  expect(sockets.size).toBe(2)
})

test('one connection carries one request after another, and every header of the answers can be read', async () => {
  const sockets = new Set<unknown>()
  const { post, received } = await connect((response, { request }) => {
    sockets.add(request.socket)
    response.writeHead(202, { 'Idempotent-Replayed': 'true' }).end()
  })
  for (let n = 0; n < 3; n++) {
    const { header } = await post({ ...REQUEST, key: n === 0 ? undefined : REQUEST.key })
    expect([header('idempotent-replayed'), header('retry-after')]).toEqual(['true', undefined])
  }
  expect(sockets.size).toBe(1)
  expect(received.map(({ key }) => key)).toEqual([undefined, '"k"', '"k"'])
  expect(new Set(received.map(({ body }) => body))).toEqual(new Set([REQUEST.body]))
})

test('closing ends requests in flight, without retries', async () => {
  const { post, close, received } = await connect((response, { index }) => {
    if (index === 0) response.end()
    else close()
  })
  await post(REQUEST)
  await expect(post(REQUEST)).rejects.toMatchObject({ failure: 'connection closed' })
  expect(received).toHaveLength(2)
})

import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { readResponsesInPlace } from './whole-responses.ts'

interface Response {
  correlationId: number
  payload: Buffer
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/connection.js') as {
  prototype: { processData: (data: Buffer) => void }
}

function openConnection() {
  const responses: Response[] = []
  const requestQueue = { fulfillRequest: (response: Response) => responses.push(response) }
  const connection = { chunks: [], bytesBuffered: 0, bytesNeeded: 4, requestQueue }
  return { responses, receive: (data: Buffer) => prototype.processData.call(connection, data) }
}

/** In memory of its own. */
function responseOf(correlationId: number, payload: string): Buffer {
  const response = Buffer.alloc(8 + payload.length)
  response.writeInt32BE(4 + payload.length)
  response.writeInt32BE(correlationId, 4)
  response.write(payload, 8)
  return response
}

test('a response is not copied, whatever came before it', () => {
  readResponsesInPlace()
  const { receive, responses } = openConnection()
  const sent = [responseOf(1, 'one'), responseOf(2, 'two'), responseOf(3, 'three')]
  for (const response of sent) receive(response)
  expect(responses.map(({ correlationId, payload }) => [correlationId, payload.toString()])).toEqual([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ])
  for (const [index, { payload }] of responses.entries())
    expect(payload.buffer === sent[index]?.buffer).toBe(true)
})

test('a response in pieces is joined', () => {
  readResponsesInPlace()
  const { receive, responses } = openConnection()
  const bytes = Buffer.concat([responseOf(1, 'one'), responseOf(2, 'two')])
  for (let at = 0; at < bytes.length; at += 5) receive(bytes.subarray(at, at + 5))
  expect(responses.map(({ payload }) => payload.toString())).toEqual(['one', 'two'])
})

import { createRequire } from 'node:module'
import { afterAll, expect, test, vi } from 'vitest'
import { encodeProduceRequestsAtOnce } from './produce-requests.ts'

interface Api {
  request: { apiVersion: number; encode: () => Promise<{ buffer: Buffer }> }
}
const definitions = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce/index.js') as {
  protocol: (options: { version: number }) => (given: object) => Api
}
const { protocol } = definitions

afterAll(() => {
  definitions.protocol = protocol
})

const request = (options: object = {}, message: object = {}) => ({
  acks: -1,
  timeout: 5_000,
  topicData: [
    { topic: 'topic', partitions: [{ partition: 0, messages: [{ key: null, value: 'value', ...message }] }] },
  ],
  ...options,
})

test.each([
  [3, 'is encoded at once', request()],
  [7, 'is encoded at once', request()],
  [2, 'has no record batches', request()],
  [7, 'has compression', request({ compression: 1 })],
  [7, 'has records with a time', request({}, { timestamp: '1764464000123' })],
])('version %s of a request that %s has the bytes of kafkajs', async (version, _, given) => {
  const now = vi.spyOn(Date, 'now').mockReturnValue(1_764_464_000_456)
  const { buffer } = await protocol({ version })(given).request.encode()
  encodeProduceRequestsAtOnce()
  encodeProduceRequestsAtOnce()
  const replaced = definitions.protocol({ version })(given).request
  expect(replaced.apiVersion).toBe(version)
  expect((await replaced.encode()).buffer.equals(buffer)).toBe(true)
  now.mockRestore()
})

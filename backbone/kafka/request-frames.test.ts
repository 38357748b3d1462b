import { createRequire } from 'node:module'
import { afterAll, expect, test } from 'vitest'
import { type Encoded, FRAME_BYTES, frameBody, writeFramesInPlace } from './request-frames.ts'

const require = createRequire(import.meta.url)
type Request = { apiKey: number; apiVersion: number; encode: () => Promise<Encoded> }
const createRequest = require('kafkajs/src/protocol/request.js') as (sent: {
  correlationId: number
  clientId: string
  request: Request
}) => Promise<{ buffer: Buffer; buf: Buffer }>
const { prototype } = require('kafkajs/src/protocol/encoder.js') as { prototype: object }
const ofKafkajs = Object.getOwnPropertyDescriptors(prototype)
afterAll(() => Object.defineProperties(prototype, ofKafkajs))

const body = Buffer.from('the records of a request')

function send(encoded: () => Encoded, clientId = 'checkout-gateway') {
  const request = { apiKey: 0, apiVersion: 7, encode: async () => encoded() }
  return createRequest({ correlationId: 12, clientId, request })
}

function framed(): { whole: Buffer; encoded: Encoded } {
  const whole = Buffer.concat([Buffer.alloc(FRAME_BYTES), body])
  return { whole, encoded: frameBody(whole) }
}

test.each([
  ['', true],
  ['checkout-gateway', true],
  ['a'.repeat(FRAME_BYTES - 14), true],
  ['a'.repeat(FRAME_BYTES - 13), false],
  ['a'.repeat(FRAME_BYTES), false],
])('a request of client %j has the bytes of kafkajs; in place: %s', async (clientId, isInPlace) => {
  const expected = (await send(() => ({ buf: body, buffer: body }), clientId)).buffer
  writeFramesInPlace()
  writeFramesInPlace()
  const { whole, encoded } = framed()
  const { buffer } = await send(() => encoded, clientId)
  expect(buffer.equals(expected)).toBe(true)
  expect(buffer.buffer === whole.buffer).toBe(isInPlace)
})

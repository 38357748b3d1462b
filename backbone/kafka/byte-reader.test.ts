import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { ByteReader } from './byte-reader.ts'

const Encoder = createRequire(import.meta.url)('kafkajs/src/protocol/encoder.js') as new () => {
  buffer: Buffer
  writeVarLong: (value: bigint) => void
}

const exponents = Array.from({ length: 52 }, (_, exponent) => exponent)

test.each(exponents)('reads variable numbers of about 2^%i as kafkajs writes them', (exponent) => {
  for (const value of [2 ** exponent - 1, 2 ** exponent, -(2 ** exponent), -(2 ** exponent) - 1]) {
    const encoder = new Encoder()
    encoder.writeVarLong(BigInt(value))
    const reader = new ByteReader(encoder.buffer)
    expect(reader.varint()).toBe(value)
    expect(reader.position).toBe(encoder.buffer.length)
  }
})

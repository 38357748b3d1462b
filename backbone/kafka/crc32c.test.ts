import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { crc32c } from './crc32c.ts'

const ofKafkajs = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (
  bytes: Uint8Array,
) => number

// RFC 3720, appendix B.4; and the check value of the CRC catalogues.
test.each([
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes that rise', Uint8Array.from({ length: 32 }, (_, byte) => byte), 0x46dd794e],
  ['32 bytes that fall', Uint8Array.from({ length: 32 }, (_, byte) => 31 - byte), 0x113fdb5c],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
])('of %s', (_, bytes, checksum) => {
  expect(crc32c(bytes) >>> 0).toBe(checksum)
})

test('of any bytes of any length is that of kafkajs', () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  console.log(`seed ${seed}`)
  const random = createSeededRandom()
  random.seed(seed)
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, () => Math.floor(random.next() * 256))
    expect(crc32c(bytes) >>> 0).toBe(ofKafkajs(bytes))
  }
})

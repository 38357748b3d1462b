import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { BATCH_OVERHEAD_BYTES, recordBytes } from './record-bytes.ts'

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed ${seed}`)

interface Encoded {
  size: () => number
}
const encoder = (path: string): unknown =>
  createRequire(import.meta.url)(`kafkajs/src/protocol/recordBatch/${path}`)
const encodeRecord = encoder('record/v0') as (record: object) => Encoded
const { RecordBatch: encodeBatch } = encoder('v0') as { RecordBatch: (batch: object) => Promise<Encoded> }

test('is what kafkajs sends, up to the byte of a small offset', async () => {
  const random = createSeededRandom()
  random.seed(seed)
  const text = (most: number) => 'ñ1€'.repeat(Math.floor(random.next() * most))
  for (let n = 0; n < 200; n++) {
    const records = Array.from({ length: 1 + Math.floor(random.next() * 200) }, () => ({
      key: random.next() < 0.1 ? null : text(10),
      value: random.next() < 0.1 ? null : Buffer.from(text(random.next() < 0.1 ? 5_000 : 100)),
      headers: {
        ...(random.next() < 0.5 ? { corrections: text(300) } : {}),
        ...(random.next() < 0.5 ? { several: [text(3), Buffer.from(text(50))] } : {}),
        name: text(30),
      },
    }))
    const encoded = records.map((record, offsetDelta) => encodeRecord({ ...record, offsetDelta }))
    const { size } = await encodeBatch({ records: encoded }).then((batch) => ({ size: batch.size() }))
    const counted = records.reduce((sum, record) => sum + recordBytes(record), BATCH_OVERHEAD_BYTES)
    expect(counted).toBeGreaterThanOrEqual(size)
    // An offset below 64 takes a byte less than is counted, and its record's length may, too.
    expect(counted - size).toBeLessThanOrEqual(2 * Math.min(64, records.length))
  }
})

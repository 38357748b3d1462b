import { createRequire } from 'node:module'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

interface Codecs {
  lz4Decompress: (data: Buffer) => Buffer
  snappyDecompress: (data: Buffer) => Buffer
}

/** Some producers put Snappy data into the blocks of snappy-java (xerial), others write it without any. */
const XERIAL_MAGIC = Buffer.from('\x82SNAPPY\0', 'latin1')
const XERIAL_HEADER_BYTES = 16
const LENGTH_BYTES = 4

/** These two may expand a batch a thousand times and more, LZ4 at most 255 times. Producers limit batches to some MiB. */
const LIMIT = { maxOutputLength: 64 * 1024 * 1024 }

const requireModule = createRequire(import.meta.url)
// A gateway fetches nothing, and never loads them.
let loaded: Codecs | undefined
const codecs = (): Codecs => (loaded ??= requireModule('@platformatic/wasm-utils') as Codecs)

/** By the number of the codec in the attributes of a record batch (Kafka protocol, Record Batch). */
const decompressors: Record<number, (data: Buffer) => Buffer> = {
  1: (data) => gunzipSync(data, LIMIT),
  2: decompressSnappy,
  3: (data) => codecs().lz4Decompress(data),
  4: (data) => zstdDecompressSync(data, LIMIT),
}

/** The records of a batch. */
export function decompress(codec: number, data: Buffer): Buffer {
  const decompressor = decompressors[codec]
  if (!decompressor) throw new Error(`A record batch has codec ${codec}, which Kafka does not define`)
  return decompressor(data)
}

function decompressSnappy(data: Buffer): Buffer {
  const { snappyDecompress } = codecs()
  if (!data.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return snappyDecompress(data)
  const blocks: Buffer[] = []
  for (let at = XERIAL_HEADER_BYTES; at < data.length; ) {
    const first = at + LENGTH_BYTES
    at = first + data.readInt32BE(at)
    blocks.push(snappyDecompress(data.subarray(first, at)))
  }
  return Buffer.concat(blocks)
}

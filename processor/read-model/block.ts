import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** An outcome in a block. */
export interface BlockRecord {
  offset: number
  /** Its number in the file: see kinds-table.ts. */
  kind: number
  classifiedAt: number
  owner: string
  json: Uint8Array
}

/** What is known of a block without decompressing it. */
export interface EncodedBlock {
  count: number
  /** Bytes of JSON. */
  size: number
  /** A bit for each kind that occurs. */
  kinds: number
  /** The times of the first and the last classified one. */
  earliest: number
  latest: number
  /** JSON: each owner once. */
  owners: string
  body: Uint8Array
}

// Outcomes are alike: 32 of them take a seventh of their size, 64 a tenth less, but twice the time to find one in.
export const RECORDS_PER_BLOCK = 32
/** Large outcomes have blocks with fewer of them: one is decompressed with all others. */
export const BLOCK_BYTES = 64 * 1024

// The higher levels take twice the time and save nothing. The checksum tells that a page of the file is damaged.
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } }
// Offset and time (64 bits each), end in the JSON (32), kind and owner (8 each).
const BYTES_PER_RECORD = 8 + 8 + 4 + 1 + 1

/** The order of the columns is that of their alignment. */
function columnsOf(bytes: Uint8Array<ArrayBuffer>, count: number) {
  const { buffer, byteOffset } = bytes
  return {
    offsets: new Float64Array(buffer, byteOffset, count),
    times: new Float64Array(buffer, byteOffset + 8 * count, count),
    ends: new Uint32Array(buffer, byteOffset + 16 * count, count),
    kinds: new Uint8Array(buffer, byteOffset + 20 * count, count),
    owners: new Uint8Array(buffer, byteOffset + 21 * count, count),
    json: bytes.subarray(BYTES_PER_RECORD * count),
  }
}

/** At most {@link RECORDS_PER_BLOCK} records of one partition, in the order of their offsets. */
export function encodeBlock(records: readonly BlockRecord[]): EncodedBlock {
  const count = records.length
  const size = records.reduce((sum, { json }) => sum + json.length, 0)
  const bytes = new Uint8Array(BYTES_PER_RECORD * count + size)
  const { offsets, times, ends, kinds, owners, json } = columnsOf(bytes, count)
  const names = new Map<string, number>()
  const kindsSeen = new Set<number>()
  let [end, earliest, latest] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [index, record] of records.entries()) {
    const { kind, classifiedAt, owner } = record
    json.set(record.json, end)
    end += record.json.length
    offsets[index] = record.offset
    times[index] = classifiedAt
    ends[index] = end
    kinds[index] = kind
    const name = names.get(owner) ?? names.size
    names.set(owner, name)
    owners[index] = name
    kindsSeen.add(kind)
    earliest = Math.min(earliest, classifiedAt)
    latest = Math.max(latest, classifiedAt)
  }
  return {
    count,
    size,
    kinds: kindsSeen.values().reduce((mask, kind) => mask + 2 ** kind, 0),
    earliest,
    latest,
    owners: JSON.stringify([...names.keys()]),
    body: zstdCompressSync(bytes, ZSTD),
  }
}

/** A decompressed block, of which single records can be read. */
export interface Block {
  offsets: Float64Array
  recordAt: (index: number) => BlockRecord
}

/** Throws if the body is damaged. */
export function decodeBlock({
  count,
  size,
  owners,
  body,
}: Pick<EncodedBlock, 'count' | 'size' | 'owners' | 'body'>): Block {
  // Otherwise it decompresses in pieces and concatenates them.
  const chunkSize = Math.max(constants.Z_MIN_CHUNK, BYTES_PER_RECORD * count + size)
  const columns = columnsOf(aligned(zstdDecompressSync(body, { chunkSize })), count)
  const names = JSON.parse(owners) as string[]
  return {
    offsets: columns.offsets,
    recordAt: (index) => ({
      offset: columns.offsets[index] ?? Number.NaN,
      kind: columns.kinds[index] ?? Number.NaN,
      classifiedAt: columns.times[index] ?? Number.NaN,
      owner: names[columns.owners[index] ?? 0] ?? '',
      json: columns.json.subarray(columns.ends[index - 1] ?? 0, columns.ends[index]),
    }),
  }
}

/** All records of a block. Throws if the body is damaged. */
export function decodeRecords(encoded: Parameters<typeof decodeBlock>[0]): BlockRecord[] {
  const { offsets, recordAt } = decodeBlock(encoded)
  return Array.from(offsets.keys(), recordAt)
}

/** Typed arrays begin at multiples of their size. */
export function aligned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const isAligned = bytes.byteOffset % 8 === 0 && bytes.buffer instanceof ArrayBuffer
  return isAligned ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

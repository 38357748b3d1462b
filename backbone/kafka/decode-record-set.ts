import type { AbortedProducers } from './aborted-producers.ts'
import { ByteReader } from './byte-reader.ts'
import { decompress } from './decompress.ts'

/** As kafkajs names its fields, and hands it over. */
export interface FetchedRecord {
  magicByte: number
  attributes: number
  timestamp: string
  offset: string
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, Buffer | null | (Buffer | null)[]>
  /** kafkajs hands it to nobody, and moves its position past it. So it does with records of aborted transactions. */
  isControlRecord: boolean
  batchContext: BatchContext
}

/** The header of a record batch. */
interface BatchContext {
  firstOffset: string
  firstTimestamp: string
  partitionLeaderEpoch: number
  inTransaction: boolean
  isControlBatch: boolean
  lastOffsetDelta: number
  producerId: string
  producerEpoch: number
  firstSequence: number
  maxTimestamp: string
  timestampType: 0 | 1
  magicByte: number
}

const MAGIC = 2
const MAGIC_POSITION = 16
const SHORTEST_BATCH = 49
const attribute = { compression: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 }

/** A batch of a format that no producer has written since Kafka 0.11. */
export class OldFormatError extends Error {
  override readonly name = 'OldFormatError'
}

/**
 * The record batches of a partition in a Fetch response, after their size. The last one may be incomplete: the broker cuts
 * at the byte limit of the request. Times beyond 2⁵³ are rounded; no date is that large.
 */
export function decodeRecordSet(
  response: Buffer,
  { start, end }: { start: number; end: number },
  aborted: AbortedProducers,
): FetchedRecord[] {
  const reader = new ByteReader(response, start)
  const records: FetchedRecord[] = []
  while (end - reader.position >= SHORTEST_BATCH) {
    if (response[reader.position + MAGIC_POSITION] !== MAGIC) throw new OldFormatError()
    const firstOffset = Number(reader.int64())
    const length = reader.int32()
    const endOfBatch = reader.position + length
    if (endOfBatch > end) break
    decodeBatch(reader, response.subarray(0, endOfBatch), firstOffset, aborted, records)
    reader.goTo(endOfBatch)
  }
  return records
}

function decodeBatch(
  reader: ByteReader,
  bytes: Buffer,
  firstOffset: number,
  aborted: AbortedProducers,
  records: FetchedRecord[],
): void {
  const { attributes, firstTimestamp, batchContext } = readBatchHeader(reader, firstOffset)
  const { producerId, isControlBatch, lastOffsetDelta, timestampType, maxTimestamp } = batchContext
  const lastOffset = firstOffset + lastOffsetDelta
  const isAborted = aborted.isAborted({ producerId, lastOffset, isControlBatch })
  const count = reader.int32()
  const codec = attributes & attribute.compression
  const plain = codec === 0 ? reader : new ByteReader(decompress(codec, bytes.subarray(reader.position)))
  for (let index = 0; index < count; index++) {
    // Its length.
    plain.varint()
    const recordAttributes = plain.int8()
    const timestamp = String(firstTimestamp + plain.varint())
    records.push({
      magicByte: MAGIC,
      attributes: recordAttributes,
      timestamp: timestampType === 1 ? maxTimestamp : timestamp,
      offset: String(firstOffset + plain.varint()),
      key: plain.nullableContent(),
      value: plain.nullableContent(),
      headers: readHeaders(plain),
      isControlRecord: isControlBatch || isAborted,
      batchContext,
    })
  }
}

/** From after the length of the batch to before its count of records. */
function readBatchHeader(reader: ByteReader, firstOffset: number) {
  const partitionLeaderEpoch = reader.int32()
  const magicByte = reader.int8()
  // kafkajs does not check the CRC either.
  reader.int32()
  const attributes = reader.int16()
  const lastOffsetDelta = reader.int32()
  const firstTimestamp = Number(reader.int64())
  const maxTimestamp = String(reader.int64())
  const batchContext: BatchContext = {
    firstOffset: String(firstOffset),
    firstTimestamp: String(firstTimestamp),
    partitionLeaderEpoch,
    inTransaction: (attributes & attribute.transactional) !== 0,
    isControlBatch: (attributes & attribute.control) !== 0,
    lastOffsetDelta,
    producerId: String(reader.int64()),
    producerEpoch: reader.int16(),
    firstSequence: reader.int32(),
    maxTimestamp,
    timestampType: (attributes & attribute.logAppendTime) === 0 ? 0 : 1,
    magicByte,
  }
  return { attributes, firstTimestamp, batchContext }
}

function readHeaders(reader: ByteReader): FetchedRecord['headers'] {
  const headers: FetchedRecord['headers'] = {}
  const count = reader.varint()
  for (let index = 0; index < count; index++) {
    const name = reader.varintString()
    const value = reader.nullableContent()
    if (name in headers) addAgain(headers, name, value)
    else headers[name] = value
  }
  return headers
}

/** A header that occurs several times, or one that is named like a member of Object.prototype. */
function addAgain(headers: FetchedRecord['headers'], name: string, value: Buffer | null): void {
  const former = Object.hasOwn(headers, name) ? headers[name] : []
  const values = Array.isArray(former) ? [...former, value] : [former ?? null, value]
  Object.defineProperty(headers, name, {
    value: values,
    enumerable: true,
    writable: true,
    configurable: true,
  })
}

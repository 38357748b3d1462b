import { ByteReader } from './byte-reader.ts'

/** As kafkajs names its fields, and hands it over. */
interface FetchedRecord {
  magicByte: number
  attributes: number
  timestamp: string
  offset: string
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, Buffer | null | (Buffer | null)[]>
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
const INEXACT_VARINT = 2 ** 52
const attribute = { compression: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 }

/** A batch of an older format, compressed, or with numbers that JavaScript does not have. */
class UnusualBatchError extends Error {
  override readonly name = 'UnusualBatchError'
}

/**
 * A Fetch response of version 11 (Kafka protocol, Fetch API and Record Batch), as kafkajs decodes it; keys, values and
 * headers are views of it. Undefined if it has a batch that only kafkajs decodes.
 */
export function decodeFetch(response: Buffer) {
  const reader = new ByteReader(response)
  try {
    return {
      clientSideThrottleTime: reader.int32(),
      // kafkajs throttles itself.
      throttleTime: 0,
      errorCode: reader.int16(),
      sessionId: reader.int32(),
      responses: reader.array(() => ({
        topicName: reader.string(),
        partitions: reader.array(() => readPartition(reader, response)),
      })),
    }
  } catch (error) {
    if (error instanceof UnusualBatchError) return undefined
    throw error
  }
}

const readPartition = (reader: ByteReader, response: Buffer) => ({
  partition: reader.int32(),
  errorCode: reader.int16(),
  highWatermark: String(reader.int64()),
  lastStableOffset: String(reader.int64()),
  lastStartOffset: String(reader.int64()),
  abortedTransactions: reader.array(() => ({
    producerId: String(reader.int64()),
    firstOffset: String(reader.int64()),
  })),
  preferredReadReplica: reader.int32(),
  messages: readRecordSet(reader, response),
})

/** The last batch may be incomplete: the broker cuts at the byte limit of the request. */
function readRecordSet(reader: ByteReader, response: Buffer): FetchedRecord[] {
  const size = reader.int32()
  if (size <= 0) return []
  const end = reader.position + size
  const records: FetchedRecord[] = []
  while (end - reader.position >= SHORTEST_BATCH) {
    if (response[reader.position + MAGIC_POSITION] !== MAGIC) throw new UnusualBatchError()
    const firstOffset = safe(Number(reader.int64()))
    const length = reader.int32()
    const endOfBatch = reader.position + length
    if (endOfBatch > end) break
    readBatch(reader, firstOffset, records)
    reader.goTo(endOfBatch)
  }
  reader.goTo(end)
  return records
}

function readBatch(reader: ByteReader, firstOffset: number, records: FetchedRecord[]): void {
  const partitionLeaderEpoch = reader.int32()
  const magicByte = reader.int8()
  // kafkajs does not check the CRC either.
  reader.int32()
  const attributes = reader.int16()
  if ((attributes & attribute.compression) !== 0) throw new UnusualBatchError()
  const isControlBatch = (attributes & attribute.control) !== 0
  const isLogAppendTime = (attributes & attribute.logAppendTime) !== 0
  const lastOffsetDelta = reader.int32()
  const firstTimestamp = safe(Number(reader.int64()))
  const maxTimestamp = String(reader.int64())
  const batchContext: BatchContext = {
    firstOffset: String(firstOffset),
    firstTimestamp: String(firstTimestamp),
    partitionLeaderEpoch,
    inTransaction: (attributes & attribute.transactional) !== 0,
    isControlBatch,
    lastOffsetDelta,
    producerId: String(reader.int64()),
    producerEpoch: reader.int16(),
    firstSequence: reader.int32(),
    maxTimestamp,
    timestampType: isLogAppendTime ? 1 : 0,
    magicByte,
  }
  const count = reader.int32()
  for (let index = 0; index < count; index++) {
    // Its length.
    reader.varint()
    const recordAttributes = reader.int8()
    const timestampDelta = reader.varint()
    if (Math.abs(timestampDelta) >= INEXACT_VARINT) throw new UnusualBatchError()
    const timestamp = String(safe(firstTimestamp + timestampDelta))
    records.push({
      magicByte,
      attributes: recordAttributes,
      timestamp: isLogAppendTime ? maxTimestamp : timestamp,
      offset: String(firstOffset + reader.varint()),
      key: reader.nullableContent(),
      value: reader.nullableContent(),
      headers: readHeaders(reader),
      isControlRecord: isControlBatch,
      batchContext,
    })
  }
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

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new UnusualBatchError()
  return value
}

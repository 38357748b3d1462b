import { ByteWriter } from './byte-writer.ts'
import { crc32c } from './crc32c.ts'

type Content = string | Uint8Array | null

interface ProducedRecord {
  key?: Content
  value: Content
  headers?: Readonly<Record<string, Content | readonly Content[] | undefined>>
}

interface ProducedBatch {
  partition: number
  firstSequence?: number
  messages: readonly ProducedRecord[]
}

/** Of Produce from version 3 on, as kafkajs names them. */
export interface ProduceRequest {
  acks: number
  timeout: number
  /** Absent: without a transaction. */
  transactionalId?: string | null
  /** Decimal digits; -1, or absent: not idempotent. */
  producerId?: { toString(): string }
  producerEpoch?: number
  topicData: readonly { topic: string; partitions: readonly ProducedBatch[] }[]
}

// What a producer leaves to the broker, or does not use.
const FIRST_OFFSET = 0n
const LEADER_EPOCH = 0
const ATTRIBUTES = 0
// All records of a request have the same time.
const TIME_DELTA = 0
const MAGIC = 2
const TRANSACTIONAL = 1 << 4

const NULL_ALONE: readonly Content[] = [null]

// Shared, so that it is rarely grown: each request is written without an interruption.
const writer = new ByteWriter()

/**
 * The body of a Produce request of version 3 to 8, without compression (Kafka protocol, Produce API and Record Batch). All
 * records have the time `now`, in milliseconds since the epoch. `room` is left free before it, in bytes.
 */
export function encodeProduce(request: ProduceRequest, now: number, room = 0): Buffer {
  const { acks, timeout, transactionalId = null, topicData } = request
  // Of an earlier request, if its encoding ended with an error.
  writer.restart()
  writer.nullableString(transactionalId)
  writer.int16(acks)
  writer.int32(timeout)
  writer.int32(topicData.length)
  for (const { topic, partitions } of topicData) {
    writer.nullableString(topic)
    writer.int32(partitions.length)
    for (const batch of partitions) writePartition(batch, request, now)
  }
  return writer.copy(room)
}

function writePartition(batch: ProducedBatch, request: ProduceRequest, now: number): void {
  writer.int32(batch.partition)
  const endSize = beginSize()
  writeBatch(batch, request, BigInt(now))
  endSize()
}

function writeBatch(
  { messages, firstSequence = 0 }: ProducedBatch,
  { transactionalId, producerId = -1, producerEpoch = 0 }: ProduceRequest,
  now: bigint,
): void {
  writer.int64(FIRST_OFFSET)
  const endSize = beginSize()
  writer.int32(LEADER_EPOCH)
  writer.int8(MAGIC)
  const checksum = writer.position
  writer.int32(0)
  const checked = writer.position
  writer.int16(transactionalId ? TRANSACTIONAL : 0)
  writer.int32(messages.length - 1)
  writer.int64(now)
  writer.int64(now)
  writer.int64(BigInt(producerId.toString()))
  writer.int16(producerEpoch)
  writer.int32(firstSequence)
  writer.int32(messages.length)
  messages.forEach(writeRecord)
  writer.setInt32(checksum, crc32c(writer.writtenFrom(checked)))
  endSize()
}

function writeRecord({ key = null, value, headers = {} }: ProducedRecord, index: number): void {
  const begin = writer.beginLength()
  writer.int8(ATTRIBUTES)
  writer.varint(TIME_DELTA)
  writer.varint(index)
  writer.nullableContent(key)
  writer.nullableContent(value)
  writeHeaders(headers)
  writer.endLength(begin)
}

function writeHeaders(headers: NonNullable<ProducedRecord['headers']>): void {
  const names = Object.keys(headers)
  let count = 0
  for (const name of names) count += valuesOf(headers[name]).length
  writer.varint(count)
  for (const name of names)
    for (const value of valuesOf(headers[name])) {
      writer.nullableContent(name)
      writer.nullableContent(value)
    }
}

function valuesOf(value: Content | readonly Content[] | undefined): readonly Content[] {
  if (value === undefined || value === null) return NULL_ALONE
  return typeof value === 'string' || value instanceof Uint8Array ? [value] : value
}

/** Leaves room for a size as INT32; the result writes the bytes since then into it. */
function beginSize(): () => void {
  const at = writer.position
  writer.int32(0)
  const begin = writer.position
  return () => writer.setInt32(at, writer.position - begin)
}

import { followAborted } from './aborted-producers.ts'
import { ByteReader } from './byte-reader.ts'
import { decodeRecordSet, OldFormatError } from './decode-record-set.ts'

/**
 * A Fetch response of version 11 (Kafka protocol, Fetch API and Record Batch) for kafkajs; keys, values and headers are
 * views of it, or of a decompressed batch. Undefined if it has records of an old format, which only kafkajs decodes.
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
    if (error instanceof OldFormatError) return undefined
    throw error
  }
}

function readPartition(reader: ByteReader, response: Buffer) {
  const description = {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: String(reader.int64()),
    lastStableOffset: String(reader.int64()),
    lastStartOffset: String(reader.int64()),
  }
  const aborted = followAborted(
    reader.array(() => ({ producerId: String(reader.int64()), firstOffset: Number(reader.int64()) })),
  )
  const preferredReadReplica = reader.int32()
  const size = Math.max(0, reader.int32())
  const start = reader.position
  const end = start + size
  reader.goTo(end)
  return {
    ...description,
    preferredReadReplica,
    // They are marked already: kafkajs would take records of some of them for committed ones, and the other way round.
    abortedTransactions: [],
    messages: decodeRecordSet(response, { start, end }, aborted),
  }
}

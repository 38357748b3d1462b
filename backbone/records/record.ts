/** A header that occurs several times in a record has a list of values. */
export interface RecordHeaders {
  [name: string]: Buffer | string | (Buffer | string)[] | undefined
}

/** A record that was read from Kafka. */
export interface StoredRecord {
  key: Buffer | null
  value: Buffer | null
  headers?: RecordHeaders
  /** Offset in its partition, in decimal digits: 64 bits. */
  offset: string
  /** Milliseconds since 1970 in decimal digits, set by the writer or the broker. */
  timestamp: string
}

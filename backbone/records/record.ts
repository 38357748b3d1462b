/** A record may carry several headers of one name: then their values are a list. */
export interface RecordHeaders {
  [name: string]: Buffer | string | (Buffer | string)[] | undefined
}

/** A record as it was read from Kafka. */
export interface StoredRecord {
  key: Buffer | null
  value: Buffer | null
  headers?: RecordHeaders
  /** Place in its partition, in decimal digits: 64 bits. */
  offset: string
  /** Milliseconds since 1970 in decimal digits, as its writer or the broker set it. */
  timestamp: string
}

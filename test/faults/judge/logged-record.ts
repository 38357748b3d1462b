/** A record as Kafka's own console consumer prints it. */
export interface LoggedRecord {
  partition: number
  offset: number
  /** When the leader appended it, by its own clock: epoch milliseconds. */
  timestamp: number
  headers: ReadonlyMap<string, string>
  /** The console consumer writes none as "null". */
  key: string
  value: string
}

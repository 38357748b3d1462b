/** A record as Kafka's own console consumer prints it. */
export interface LoggedRecord {
  partition: number
  offset: number
  /** When the leader appended it, by its own clock: epoch milliseconds. */
  timestamp: number
  headers: ReadonlyMap<string, string>
  /** The console consumer prints "null" if there is none. */
  key: string
  value: string
}

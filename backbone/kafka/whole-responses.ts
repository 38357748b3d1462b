import { createRequire } from 'node:module'

/** A connection of kafkajs 2.2.4. */
interface Connection {
  /** What was received and is not read yet. */
  chunks: Buffer[]
  bytesBuffered: number
  processData: (data: Buffer) => void
}

const { prototype: connection } = createRequire(import.meta.url)('kafkajs/src/network/connection.js') as {
  prototype: Connection
}
const processDataOfKafkajs = connection.processData

/**
 * kafkajs 2.2.4 keeps the empty rest after a response, and copies the next response to join the two. The socket hands over
 * whole responses (socket.ts), which need no copy.
 */
export function readResponsesInPlace(): void {
  connection.processData = processData
}

function processData(this: Connection, data: Buffer): void {
  if (this.bytesBuffered === 0) this.chunks = []
  processDataOfKafkajs.call(this, data)
}

const SIZE_BYTES = 4
// The record type "alert" and the major version of RFC 8446, section 5.1; as a size it would be 352 MB.
const TLS_ALERT = Buffer.from([21, 3])

/** The received bytes are not a Kafka response: their size is negative. */
export class NotKafkaError extends Error {
  override readonly name = 'NotKafkaError'
}

/** A listener with TLS answers a request in plain text with a TLS alert. */
export class TlsAnswerError extends Error {
  override readonly name = 'TlsAnswerError'
}

/**
 * Collects the bytes of a connection, in pieces of any size, and returns the complete responses. Each consists of its
 * size in four bytes, and that many bytes more (Kafka protocol, Protocol Primitive Types). Throws {@link
 * NotKafkaError} and {@link TlsAnswerError}.
 */
export function collectResponses(): (chunk: Buffer) => Buffer[] {
  let held: Buffer[] = []
  let heldBytes = 0
  let needed = SIZE_BYTES

  return (chunk) => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < needed) return []

    const bytes = held.length === 1 ? chunk : Buffer.concat(held, heldBytes)
    if (bytes.subarray(0, TLS_ALERT.length).equals(TLS_ALERT))
      throw new TlsAnswerError('answered with a TLS alert')
    const responses: Buffer[] = []
    let end = 0
    for (;;) {
      needed = SIZE_BYTES
      if (bytes.length - end < SIZE_BYTES) break
      const size = bytes.readInt32BE(end)
      if (size < 0) throw new NotKafkaError('not a response of Kafka')
      needed = SIZE_BYTES + size
      if (bytes.length - end < needed) break
      responses.push(bytes.subarray(end, end + needed))
      end += needed
    }
    const rest = bytes.subarray(end)
    held = rest.length > 0 ? [rest] : []
    heldBytes = rest.length
    return responses
  }
}

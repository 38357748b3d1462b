const SIZE_BYTES = 4

/** What came is no response of Kafka's: its size is negative. */
export class NotKafkaError extends Error {
  override readonly name = 'NotKafkaError'
}

/**
 * Takes a connection's bytes in pieces of any size and gives them back as whole responses, as many as there are: each is
 * its size in four bytes and so many more (Kafka protocol, Protocol Primitive Types). Throws {@link NotKafkaError}.
 */
export function collectResponses(): (chunk: Buffer) => Buffer | undefined {
  let held: Buffer[] = []
  let heldBytes = 0
  let needed = SIZE_BYTES

  return (chunk) => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < needed) return undefined

    const bytes = held.length === 1 ? chunk : Buffer.concat(held, heldBytes)
    let end = 0
    for (;;) {
      needed = SIZE_BYTES
      if (bytes.length - end < SIZE_BYTES) break
      const size = bytes.readInt32BE(end)
      if (size < 0) throw new NotKafkaError('not a response of Kafka')
      needed = SIZE_BYTES + size
      if (bytes.length - end < needed) break
      end += needed
    }
    const rest = bytes.subarray(end)
    held = rest.length > 0 ? [rest] : []
    heldBytes = rest.length
    return end > 0 ? bytes.subarray(0, end) : undefined
  }
}

import type { RecordHeaders } from '../../backbone/records/record.ts'

const NO_BYTES = Buffer.alloc(0)

/**
 * Headers as kafkajs 2.2.4 can send them, whatever it has read. A null value, which Kafka allows, becomes an empty one. Of a
 * header named like a member of Object.prototype (`constructor`), kafkajs takes that member for an earlier value: it is left
 * out.
 */
export function sendableHeaders(headers: RecordHeaders): RecordHeaders {
  for (const name in headers) if (!isValue(headers[name])) return corrected(headers)
  return headers
}

const corrected = (headers: RecordHeaders): RecordHeaders =>
  Object.fromEntries(
    Object.entries(headers as Record<string, unknown>).map(([name, given]) => [
      name,
      Array.isArray(given) ? given.map(orEmpty).filter(isValue) : (orEmpty(given) as Buffer),
    ]),
  )

const orEmpty = (value: unknown): unknown => value ?? NO_BYTES

const isValue = (value: unknown): value is Buffer | string =>
  typeof value === 'string' || value instanceof Uint8Array

// Castagnoli's, with its bits in reverse order (RFC 3720, section 12.1).
const POLYNOMIAL = 0x82f63b78
const SLICES = 8

/** Of the first slice, how a byte changes the checksum; of slice n, how it does so n bytes later. */
const tables = createTables()
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
]

/** CRC-32C as a signed integer, eight bytes at a time (Kounavis and Berry, "Slicing-by-8", 2008). */
export function crc32c(bytes: Uint8Array): number {
  const end = bytes.length
  const whole = end - (end % SLICES)
  let crc = -1
  let at = 0
  for (; at < whole; at += SLICES) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!
  }
  for (; at < end; at++) crc = t0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc
}

function createTables(): Int32Array[] {
  const first = new Int32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0)
    first[byte] = crc
  }
  const all = [first]
  for (let slice = 1; slice < SLICES; slice++) {
    const previous = all[slice - 1]!
    all.push(previous.map((crc) => (crc >>> 8) ^ first[crc & 0xff]!))
  }
  return all
}

const BYTES_AT_FIRST = 64 * 1024
// For shorter texts a loop takes less time than a call of the runtime's encoder; and their length is a varint of one byte.
const SHORT_TEXT = 64
// Most records have a length whose varint has two bytes.
const USUAL_LENGTH_BYTES = 2
const LEAST_USUAL = 64
const MOST_USUAL = 8_191

/** Writes values in the types of the Kafka protocol one after another, into a buffer that grows. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(BYTES_AT_FIRST)
  #at = 0

  /** Where the next byte goes. */
  get position(): number {
    return this.#at
  }

  int8(value: number): void {
    this.#ensure(1)
    this.#bytes[this.#at++] = value
  }

  int16(value: number): void {
    this.#ensure(2)
    this.#at = this.#bytes.writeInt16BE(value, this.#at)
  }

  int32(value: number): void {
    this.#ensure(4)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
  }

  int64(value: bigint): void {
    this.#ensure(8)
    this.#at = this.#bytes.writeBigInt64BE(value, this.#at)
  }

  varint(value: number): void {
    this.#ensure(5)
    let rest = (value << 1) ^ (value >> 31)
    while ((rest & ~0x7f) !== 0) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#at++] = rest
  }

  /** With its length before it as INT16. */
  nullableString(value: string | null): void {
    if (value === null) return this.int16(-1)
    const length = Buffer.byteLength(value)
    this.int16(length)
    this.#text(value, length)
  }

  /** With its length before it as a varint. */
  nullableContent(value: string | Uint8Array | null): void {
    if (value === null) return this.varint(-1)
    if (typeof value !== 'string') {
      this.varint(value.length)
      this.#ensure(value.length)
      this.#bytes.set(value, this.#at)
      this.#at += value.length
      return
    }
    if (value.length < SHORT_TEXT && this.#shortAscii(value)) return
    const length = Buffer.byteLength(value)
    this.varint(length)
    this.#text(value, length)
  }

  /** Begins what has its length before it as a varint. Pass the result to {@link endLength}. */
  beginLength(): number {
    this.#ensure(USUAL_LENGTH_BYTES)
    this.#at += USUAL_LENGTH_BYTES
    return this.#at
  }

  endLength(begin: number): void {
    const end = this.#at
    const length = end - begin
    this.#at = begin - USUAL_LENGTH_BYTES
    if (length < LEAST_USUAL || length > MOST_USUAL) {
      this.nullableContent(Buffer.from(this.#bytes.subarray(begin, end)))
    } else {
      this.varint(length)
      this.#at = end
    }
  }

  /** Overwrites an INT32, signed or not. */
  setInt32(position: number, value: number): void {
    this.#bytes.writeInt32BE(value | 0, position)
  }

  /** What was written from a position on. Valid until the next write. */
  writtenFrom(position: number): Uint8Array {
    return this.#bytes.subarray(position, this.#at)
  }

  /** A copy of all that was written, after `room` bytes without content. */
  copy(room = 0): Buffer {
    const copied = Buffer.allocUnsafeSlow(room + this.#at)
    copied.set(this.#bytes.subarray(0, this.#at), room)
    return copied
  }

  /** The next byte is the first again. */
  restart(): void {
    this.#at = 0
  }

  #ensure(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(this.#at + more)))
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
  }

  #text(value: string, length: number): void {
    this.#ensure(length)
    this.#at += this.#bytes.write(value, this.#at, length)
  }

  /** False, and nothing written, unless the text is ASCII. */
  #shortAscii(text: string): boolean {
    const length = text.length
    this.#ensure(1 + length)
    const from = this.#at + 1
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code > 0x7f) return false
      this.#bytes[from + index] = code
    }
    this.#bytes[this.#at] = length << 1
    this.#at = from + length
    return true
  }
}

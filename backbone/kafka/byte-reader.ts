const MORE = 0x80
const BITS = 0x7f
const BITS_A_BYTE = 7
// A number of more bits does not fit into the integers of JavaScript's bit operators.
const LAST_SHIFT = 21

/** Reads values in the types of the Kafka protocol one after another. */
export class ByteReader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  /** Where the next byte is. */
  get position(): number {
    return this.#at
  }

  goTo(position: number): void {
    this.#at = position
  }

  int8(): number {
    return this.#bytes.readInt8(this.#at++)
  }

  int16(): number {
    this.#at += 2
    return this.#bytes.readInt16BE(this.#at - 2)
  }

  int32(): number {
    this.#at += 4
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  int64(): bigint {
    this.#at += 8
    return this.#bytes.readBigInt64BE(this.#at - 8)
  }

  /** VARINT or VARLONG; exact below 2⁵². */
  varint(): number {
    let byte = this.#bytes[this.#at++] ?? 0
    let zigzag = byte & BITS
    for (let shift = BITS_A_BYTE; byte >= MORE; shift += BITS_A_BYTE) {
      byte = this.#bytes[this.#at++] ?? 0
      zigzag += shift > LAST_SHIFT ? (byte & BITS) * 2 ** shift : (byte & BITS) << shift
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
  }

  /** With its length before it as INT16. */
  string(): string {
    return this.#text(this.int16())
  }

  /** With its length before it as a varint. */
  varintString(): string {
    return this.#text(this.varint())
  }

  /** A view, with its length before it as a varint. */
  nullableContent(): Buffer | null {
    const length = this.varint()
    if (length < 0) return null
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  array<Element>(read: () => Element): Element[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read)
  }

  #text(length: number): string {
    this.#at += Math.max(0, length)
    return this.#bytes.toString('utf8', this.#at - Math.max(0, length), this.#at)
  }
}

import { randomInt } from 'node:crypto'

// A slot has the hash of its key, where the key and the value begin, and where the value ends: 0 if the slot is empty.
const SLOT = 4
const KEY = 1
const VALUE = 2
const END = 3
// Not 0, so that no value ends there.
const FIRST_BYTE = 1
const BYTES_AT_FIRST = 16 * 1024
const MOST_BYTES_OF_CHARACTER = 3
// Unknown to clients, who choose idempotency keys: else they could choose many with one hash.
const SEED = randomInt(2 ** 32)

/** 32 bits, for {@link TextTable}. The multiplier is that of MurmurHash2. */
export function hashOf(key: string): number {
  let hash = SEED
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x5bd1e995)
  hash = Math.imul(hash ^ (hash >>> 15), 0x5bd1e995)
  return hash ^ (hash >>> 13)
}

/**
 * Texts by key, for up to `most` keys. All are in two arrays, of which the garbage collector sees no part: in a Map of as
 * many texts it visits each of them again and again. Keys must be well-formed.
 */
export class TextTable {
  readonly #slots: Int32Array
  #bytes = Buffer.allocUnsafeSlow(BYTES_AT_FIRST)
  #used = FIRST_BYTE
  #size = 0

  constructor(most: number) {
    // Half of the slots stay empty, so that a search ends soon.
    this.#slots = new Int32Array(SLOT * 2 ** Math.ceil(Math.log2(2 * most)))
  }

  get size(): number {
    return this.#size
  }

  get(key: string, hash: number): string | undefined {
    return this.#valueAt(this.#find(key, hash))
  }

  set(key: string, hash: number, value: string): void {
    const slot = this.#find(key, hash)
    const known = this.#valueAt(slot)
    // Once more the same: a batch sets its key for each of its checkouts.
    if (known === value) return
    if (known === undefined) this.#size++
    this.#ensure((key.length + value.length) * MOST_BYTES_OF_CHARACTER)
    const begin = this.#used
    const middle = begin + this.#bytes.write(key, begin)
    this.#used = middle + this.#bytes.write(value, middle)
    this.#slots[slot] = hash
    this.#slots[slot + KEY] = begin
    this.#slots[slot + VALUE] = middle
    this.#slots[slot + END] = this.#used
  }

  clear(): void {
    this.#slots.fill(0)
    this.#used = FIRST_BYTE
    this.#size = 0
  }

  /** Index of the key's slot, or of the empty one for it. */
  #find(key: string, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = Math.imul(hash, SLOT) & mask
    while (slots[slot + END] !== 0 && !(slots[slot] === hash && this.#isKey(slot, key)))
      slot = (slot + SLOT) & mask
    return slot
  }

  #valueAt(slot: number): string | undefined {
    const end = this.#slots[slot + END]!
    return end === 0 ? undefined : this.#bytes.toString('utf8', this.#slots[slot + VALUE], end)
  }

  #isKey(slot: number, key: string): boolean {
    return this.#bytes.toString('utf8', this.#slots[slot + KEY], this.#slots[slot + VALUE]) === key
  }

  #ensure(more: number): void {
    if (this.#used + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(this.#used + more)))
    larger.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = larger
  }
}

import { crc32 } from 'node:zlib'
import { aligned } from './block.ts'

/** Entries of an index: sorted by hash, then by position. */
export interface IndexEntries {
  hashes: Float64Array
  positions: Float64Array
}

const BYTES_PER_NUMBER = 8

/** `positions` are ascending. */
export function sortEntries({ hashes, positions }: IndexEntries): IndexEntries {
  const order = Uint32Array.from(hashes.keys()).toSorted((one, other) => at(hashes, one) - at(hashes, other))
  const sorted = emptyEntries(order.length)
  for (const [to, from] of order.entries()) copyEntry({ hashes, positions }, from, sorted, to)
  return sorted
}

/** Index of the first entry that is not before this one. */
export function lowerBound({ hashes, positions }: IndexEntries, hash: number, position: number): number {
  let [low, high] = [0, hashes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = at(hashes, middle)
    if (found < hash || (found === hash && at(positions, middle) < position)) low = middle + 1
    else high = middle
  }
  return low
}

export const slice = ({ hashes, positions }: IndexEntries, from: number, end?: number): IndexEntries => ({
  hashes: hashes.subarray(from, end),
  positions: positions.subarray(from, end),
})

/** Each entry once, only of positions that are kept. */
export function mergeEntries(
  one: IndexEntries,
  other: IndexEntries,
  isKept: (position: number) => boolean = () => true,
): IndexEntries {
  const merged = emptyEntries(one.hashes.length + other.hashes.length)
  let [i, j, count] = [0, 0, 0]
  while (i < one.hashes.length || j < other.hashes.length) {
    const order = compare(one, i, other, j)
    const [from, index] = order <= 0 ? [one, i] : [other, j]
    if (isKept(at(from.positions, index))) copyEntry(from, index, merged, count++)
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return slice(merged, 0, count)
}

/** Only those of positions that are kept. */
export const keepEntries = (entries: IndexEntries, isKept: (position: number) => boolean): IndexEntries =>
  mergeEntries(entries, emptyEntries(0), isKept)

/** In pairs, so that each entry is moved as often as the number of lists can be halved. */
export function mergeAll(lists: readonly IndexEntries[]): IndexEntries {
  if (lists.length <= 1) return lists[0] ?? emptyEntries(0)
  const half = lists.length >>> 1
  return mergeEntries(mergeAll(lists.slice(0, half)), mergeAll(lists.slice(half)))
}

/** The hashes, the positions, and a checksum: SQLite does not notice that an entry is damaged, and an event would be missed. */
export function encodeEntries({ hashes, positions }: IndexEntries): Uint8Array {
  const numbers = new Float64Array(2 * hashes.length + 1)
  numbers.set(hashes)
  numbers.set(positions, hashes.length)
  numbers[2 * hashes.length] = crc32(bytesOf(numbers.subarray(0, -1)))
  return bytesOf(numbers)
}

/** Throws if the blob is damaged. */
export function decodeEntries(blob: Uint8Array): IndexEntries {
  const bytes = aligned(blob)
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / BYTES_PER_NUMBER)
  const entries = numbers.subarray(0, -1)
  if (numbers.at(-1) !== crc32(bytesOf(entries))) throw new Error('entries of an index are damaged')
  const count = entries.length / 2
  return { hashes: entries.subarray(0, count), positions: entries.subarray(count) }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

const emptyEntries = (count: number): IndexEntries => ({
  hashes: new Float64Array(count),
  positions: new Float64Array(count),
})

// A typed array has a number at each of its indexes.
const at = (numbers: Float64Array, index: number): number => numbers[index] ?? Number.POSITIVE_INFINITY

/** Beyond its end, a list has only entries after all others. */
function compare(one: IndexEntries, i: number, other: IndexEntries, j: number): number {
  const [left, right] = [at(one.hashes, i), at(other.hashes, j)]
  if (left !== right) return left < right ? -1 : 1
  return Math.sign(at(one.positions, i) - at(other.positions, j))
}

function copyEntry(from: IndexEntries, index: number, into: IndexEntries, to: number) {
  into.hashes[to] = at(from.hashes, index)
  into.positions[to] = at(from.positions, index)
}

import { hashOf } from './record.ts'

interface Generation {
  bits: Uint32Array
  /** How many more it takes. */
  room: number
  /** By partition, the offset after the last of its events. */
  ends: Map<number, number>
}

// Of those it takes 16 bits an event and looks at six: one in two thousand that was never added seems to be there.
const BITS_PER_EVENT = 16
const PROBES = 6
const FIRST_CAPACITY = 2 ** 18
const LARGEST_CAPACITY = 2 ** 23

/**
 * Tells without a look-up that an event was never seen; of those that were it always says so, of others hardly ever: a Bloom
 * filter (Bloom 1970), its probes made of two halves of one hash (Kirsch and Mitzenmacher 2006). It grows by generations, each
 * larger than the one before, and forgets one when retention has cut all that is in it.
 */
export function createEventFilter() {
  const generations: Generation[] = [createGeneration(FIRST_CAPACITY)]
  let capacity = FIRST_CAPACITY
  let complete = false

  function newest(): Generation {
    const last = generations.at(-1)
    if (last && last.room > 0) return last
    capacity = Math.min(capacity * 2, LARGEST_CAPACITY)
    const next = createGeneration(capacity)
    generations.push(next)
    return next
  }

  return {
    /** By its hash, see {@link hashOf}. */
    add(hash: number, partition: number, offset: number): void {
      const generation = newest()
      generation.room--
      generation.ends.set(partition, Math.max(offset + 1, generation.ends.get(partition) ?? 0))
      addTo(generation.bits, hash)
    },

    /** All that was in the file is added: before, nothing is known not to be there. */
    complete: (): void => {
      complete = true
    },

    mayHave(eventId: string): boolean {
      if (!complete) return true
      const hash = hashOf(eventId)
      return generations.some(({ bits }) => isIn(bits, hash))
    },

    /** What stood before `first` is no longer in the log. */
    cut(firstOf: (partition: number) => number): void {
      const isCut = ({ ends }: Generation) =>
        ends.entries().every(([partition, end]) => end <= firstOf(partition))
      while (generations.length > 1 && generations[0] && isCut(generations[0])) generations.shift()
    },

    /** The partition's log was made anew: how far the former one went must not keep a generation. */
    forget(partition: number): void {
      for (const { ends } of generations) ends.delete(partition)
    },

    generations: (): number => generations.length,
  }
}

const createGeneration = (capacity: number): Generation => ({
  bits: new Uint32Array((capacity * BITS_PER_EVENT) / 32),
  room: capacity,
  ends: new Map(),
})

function addTo(bits: Uint32Array, hash: number) {
  const step = stepOf(hash)
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = (hash + Math.imul(step, probe)) & (bits.length * 32 - 1)
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }
}

function isIn(bits: Uint32Array, hash: number): boolean {
  const step = stepOf(hash)
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = (hash + Math.imul(step, probe)) & (bits.length * 32 - 1)
    if ((((bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 0) return false
  }
  return true
}

/** Of the 16 bits that the first probe leaves unused; odd, so that all bits can be reached. */
const stepOf = (hash: number) => Math.imul(Math.floor(hash / 2 ** 32) + 1, 0x9e3779b1) | 1

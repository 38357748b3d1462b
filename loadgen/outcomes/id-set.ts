const FIRST_CAPACITY = 1 << 16
const MAX_LOAD = 0.5

/**
 * Stores ids by 64 bits of a hash: 16 to 32 bytes each, where a Set of strings takes over 100. With ten
 * million ids, the chance that a new id is taken for a known one is 1 in 10^12 for each query.
 */
export function createIdSet() {
  let capacity = FIRST_CAPACITY
  let slots = new Uint32Array(2 * capacity)
  let size = 0

  function slotOf(high: number, low: number): number {
    let slot = low & (capacity - 1)
    while (slots[2 * slot] !== 0 && (slots[2 * slot] !== high || slots[2 * slot + 1] !== low)) {
      slot = (slot + 1) & (capacity - 1)
    }
    return slot
  }

  function put(high: number, low: number): boolean {
    const slot = slotOf(high, low)
    if (slots[2 * slot] !== 0) return false
    slots[2 * slot] = high
    slots[2 * slot + 1] = low
    return true
  }

  function grow() {
    const before = slots
    capacity *= 2
    slots = new Uint32Array(2 * capacity)
    for (let i = 0; i < before.length; i += 2) {
      if (before[i] !== 0) put(before[i] ?? 0, before[i + 1] ?? 0)
    }
  }

  return {
    add(id: string): void {
      if (size >= capacity * MAX_LOAD) grow()
      const hash = hashOf(id)
      if (put(highBits(hash), lowBits(hash))) size++
    },
    has(id: string): boolean {
      const hash = hashOf(id)
      return slots[2 * slotOf(highBits(hash), lowBits(hash))] !== 0
    },
    size: () => size,
  }
}

// Two 32-bit hashes with different seeds are not enough: xxHash32's collide together.
const hashOf = (id: string) => Bun.hash(id)
// Zero marks an empty slot.
const highBits = (hash: bigint) => Number(hash >> 32n) || 1
const lowBits = (hash: bigint) => Number(hash & 0xffffffffn)

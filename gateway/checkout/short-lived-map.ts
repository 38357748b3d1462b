// The engine's smallest tables are replaced after a few entries, which are not worth a new Map.
const LEAST_DELETED = 64

/**
 * A Map whose entries are soon deleted again.
 *
 * When JavaScriptCore, the engine of Bun, replaces the table of a Map or a Set that is full of deleted entries, the old
 * table keeps a reference to the new one, for iterators. A young collection frees no table that survived an earlier one, so
 * through a single such table it keeps each later one, with all that was in them. A new Map has no such predecessor.
 */
export class ShortLivedMap<Key, Value> {
  #entries = new Map<Key, Value>()
  #deleted = 0

  get(key: Key): Value | undefined {
    return this.#entries.get(key)
  }

  has(key: Key): boolean {
    return this.#entries.has(key)
  }

  set(key: Key, value: Value): void {
    this.#entries.set(key, value)
  }

  delete(key: Key): void {
    if (!this.#entries.delete(key)) return
    this.#deleted++
    if (this.#deleted < LEAST_DELETED || this.#deleted < this.#entries.size) return
    this.#entries = new Map(this.#entries)
    this.#deleted = 0
  }
}

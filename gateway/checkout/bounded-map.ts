import { hashOf, TextTable } from './text-table.ts'

const GENERATIONS = 8

/**
 * Keeps the last `max` values by key, as JSON, and never fewer than seven eighths of them: the oldest are removed together.
 */
export function createRecentMap<Value>(max: number) {
  const perGeneration = Math.ceil(max / GENERATIONS)
  let youngest = new TextTable(perGeneration)
  /** Youngest first. */
  const generations = [youngest]
  let older = 0
  let unused: TextTable | undefined

  function beginGeneration() {
    older += youngest.size
    youngest = unused ?? new TextTable(perGeneration)
    unused = undefined
    generations.unshift(youngest)
  }

  function removeOldest() {
    unused = generations.pop()
    older -= unused?.size ?? 0
    unused?.clear()
  }

  return {
    get(key: string): Value | undefined {
      const hash = hashOf(key)
      for (const generation of generations) {
        const text = generation.get(key, hash)
        if (text !== undefined) return JSON.parse(text) as Value
      }
      return undefined
    },
    set(key: string, value: Value): void {
      if (youngest.size >= perGeneration) beginGeneration()
      youngest.set(key, hashOf(key), JSON.stringify(value))
      if (older + youngest.size > max) removeOldest()
    },
  }
}

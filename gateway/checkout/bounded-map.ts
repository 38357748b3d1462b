const GENERATIONS = 8

/**
 * Keeps the last `max` values by key, and never fewer than seven eighths of them: the oldest are removed
 * together. After a young object is added to a table, Bun's collector scans the whole table again. For one
 * large table of recent values that costs more than the values themselves (docs/measurements/performance.md,
 * What helped). Here only the youngest eighth changes.
 */
export function createRecentMap<Value>(max: number) {
  const perGeneration = Math.ceil(max / GENERATIONS)
  let youngest = new Map<string, Value>()
  /** Youngest first. */
  const generations = [youngest]
  let older = 0

  return {
    get(key: string): Value | undefined {
      for (const generation of generations) {
        const value = generation.get(key)
        if (value !== undefined) return value
      }
      return undefined
    },
    set(key: string, value: Value): void {
      if (youngest.size >= perGeneration) {
        older += youngest.size
        youngest = new Map()
        generations.unshift(youngest)
      }
      youngest.set(key, value)
      if (older + youngest.size > max) older -= generations.pop()?.size ?? 0
    },
  }
}

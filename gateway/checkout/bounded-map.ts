const GENERATIONS = 8

/**
 * At most `max` values by their keys, and never fewer than seven eighths of the last as many: the oldest are forgotten together.
 *
 * Bun's collector goes through the whole of a table again each time something young was put into it, which for one large table
 * of what arrived lately costs more than keeping it (docs/measurements/performance.md, What helped). Here only the youngest eighth changes.
 */
export function createRecentMap<Value>(max: number) {
  const perGeneration = Math.ceil(max / GENERATIONS)
  let youngest = new Map<string, Value>()
  /** The youngest first. */
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

import { differenceOf } from './compare.ts'
import { type DocumentedDifference, documentedDifferences } from './documented-differences.ts'
import type { Verdicts } from './read-verdicts.ts'
import type { WrittenRecords } from './write-events.ts'

/** Records of one case on which the pipelines differ in the same way. */
export interface Difference {
  case: string
  /** As {@link differenceOf} describes it. */
  how: string
  direct: number
  gateway: number
  /** Value of one of the records. */
  example: string
  documented: DocumentedDifference | undefined
}

export interface Agreement {
  records: { direct: number; gateway: number }
  agreed: number
  differences: Difference[]
  /** Documented, but not found. */
  missing: string[]
}

export function findDifferences(written: WrittenRecords, ours: Verdicts, spark: Verdicts): Agreement {
  const records = { direct: 0, gateway: 0 }
  const found = new Map<string, Difference>()
  let agreed = 0
  for (const [at, { case: name, value, via }] of written) {
    records[via]++
    const how = differenceOf(ours.get(at), spark.get(at))
    if (how === undefined) {
      agreed++
      continue
    }
    const key = differenceKey(name, how)
    const difference = found.get(key) ?? {
      case: name,
      how,
      direct: 0,
      gateway: 0,
      example: String(value),
      documented: documentedFor.get(key),
    }
    difference[via]++
    found.set(key, difference)
  }
  const missing = [...documentedFor.keys()].filter((key) => !found.has(key))
  return { records, agreed, differences: [...found.values()], missing }
}

const differenceKey = (name: string, how: string) => `${name} (${how})`

const documentedFor: ReadonlyMap<string, DocumentedDifference> = new Map(
  documentedDifferences.flatMap((documented) =>
    Object.entries(documented.cases).map(([name, how]) => [differenceKey(name, how), documented] as const),
  ),
)

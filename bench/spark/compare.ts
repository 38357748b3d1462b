import { isDeepStrictEqual } from 'node:util'
import { notifiedKinds } from '../../backbone/records/outcome.ts'

/** What a pipeline says of a record. */
export interface Verdict {
  kind: string
  message: string | null
  /** The fields that it passes on. */
  checkout: Record<string, unknown>
}

export const isNotified = (kind: string): boolean => notifiedKinds.some((notified) => notified === kind)

/**
 * How the pipelines differ on a record: `processor: Spark`, by their kinds, or the parts that are unequal; undefined if
 * they agree. A record without an outcome repeats an event. Spark says something only of records that it selects.
 */
export function differenceOf(ours: Verdict | undefined, spark: Verdict | undefined): string | undefined {
  const ourKind = ours?.kind ?? 'repetition'
  if (spark === undefined) return isNotified(ourKind) ? `${ourKind}: nothing` : undefined
  const sparkKind = spark.message === null ? `${spark.kind} without a message` : spark.kind
  if (ours === undefined || ourKind !== sparkKind) return `${ourKind}: ${sparkKind}`
  if (ours.message !== spark.message) return 'message'
  const fields = Object.keys(ours.checkout).filter(
    (field) => !isDeepStrictEqual(ours.checkout[field] ?? null, spark.checkout[field] ?? null),
  )
  return fields.length > 0 ? `field ${fields.join(', ')}` : undefined
}

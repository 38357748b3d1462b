/** A known way in which the pipelines differ; docs/explanation/spark.md explains each. */
export interface DocumentedDifference {
  /** Its heading in the document. */
  title: string
  /** Names in awkward-cases.ts. */
  cases: readonly string[]
  /** As compare.ts describes it. */
  how: string
  right: 'processor' | 'Spark' | 'either'
}

export const documentedDifferences: readonly DocumentedDifference[] = []

import type { Outcome } from '../../backbone/records/outcome.ts'
import type { TopicRecord } from '../read-topic.ts'

export interface CountedOutcome {
  outcome: Outcome
  partition: number
  offset: number
  /** Decided at the site whose log this is a copy of. */
  isCopied: boolean
}

/**
 * The outcomes of Notifications that count, by the rules in docs/explanation/two-sites.md, without code of the product: those
 * with the present name of the log, which the first claim with a name sets, and another one that was copied from it changes.
 */
export function countedOutcomes(records: readonly TopicRecord[]): {
  counted: CountedOutcome[]
  late: number
} {
  const counted: CountedOutcome[] = []
  let late = 0
  for (const ofPartition of Map.groupBy(records, ({ partition }) => partition).values()) {
    const headersOf = ({ headers }: TopicRecord) =>
      new Map(headers.split(',').map((each) => each.split(':') as [string, string]))
    const lastNaming = ofPartition.findLast((record) => headersOf(record).has('copied-from'))
    let name: string | undefined
    for (const record of ofPartition) {
      const headers = headersOf(record)
      const log = headers.get('log')
      if (headers.has('claim')) {
        if (name === undefined || headers.get('copied-from') === name) name = log ?? name
      } else if (log !== name) late++
      else {
        const { partition, offset, value } = record
        const isCopied = lastNaming !== undefined && offset < lastNaming.offset
        counted.push({ outcome: JSON.parse(value) as Outcome, partition, offset, isCopied })
      }
    }
  }
  return { counted, late }
}

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
 * The outcomes of Notifications that count, by the rules in docs/explanation/two-sites.md, without code of the product: all
 * before the claim that names the copy, and after it those with that name.
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
    const naming = ofPartition.findLast((record) => headersOf(record).has('copied-from'))
    const name = naming && headersOf(naming).get('log')
    for (const record of ofPartition) {
      const headers = headersOf(record)
      if (headers.has('claim')) continue
      const isCopied = naming !== undefined && record.offset < naming.offset
      if (naming && !isCopied && headers.get('log') !== name) late++
      else {
        const { partition, offset, value } = record
        counted.push({ outcome: JSON.parse(value) as Outcome, partition, offset, isCopied })
      }
    }
  }
  return { counted, late }
}

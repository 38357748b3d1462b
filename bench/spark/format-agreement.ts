import { formatTable } from '../format-table.ts'
import type { Agreement, Difference } from './find-differences.ts'

const EXAMPLE_LENGTH = 90

export function formatAgreement({ records, agreed, differences, missing }: Agreement): string {
  const total = records.direct + records.gateway
  const rows = differences
    .toSorted((a, b) => titleOf(a).localeCompare(titleOf(b)) || a.case.localeCompare(b.case))
    .map((difference) => [
      titleOf(difference),
      difference.documented?.right ?? '?',
      difference.how,
      difference.case,
      String(difference.direct),
      String(difference.gateway),
    ])
  const unknown = differences.filter(({ documented }) => documented === undefined)
  return [
    `${agreed} of ${total} records agree (${records.direct} written directly, ${records.gateway} by the gateway)`,
    '',
    formatTable([['difference', 'right', 'processor: Spark', 'case', 'direct', 'gateway'], ...rows]),
    ...unknown.map(
      ({ case: name, how, example }) => `\nnot documented: ${name} (${how}), ${shorten(example)}`,
    ),
    ...missing.map((key) => `\ndocumented, but not found: ${key}`),
  ].join('\n')
}

const titleOf = ({ documented }: Difference) => documented?.title ?? 'NOT DOCUMENTED'

const shorten = (text: string) => (text.length > EXAMPLE_LENGTH ? `${text.slice(0, EXAMPLE_LENGTH)}…` : text)

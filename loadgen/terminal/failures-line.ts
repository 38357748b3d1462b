import { formatCount } from '../report/format-units.ts'
import { type Part, widthOf } from './styled-line.ts'
import { labelled, tabStops } from './tabbed-row.ts'

/** The number of failures, then as many kinds as fit, most frequent first. */
export function failuresLine(failures: ReadonlyMap<string, number>, columns: number): Part[] {
  const kinds = [...failures].toSorted(([, a], [, b]) => b - a)
  if (kinds.length === 0) return labelled('failures', [{ text: '0' }])
  const total = formatCount(kinds.reduce((sum, [, count]) => sum + count, 0))
  const line = labelled('failures', [{ text: `${total} `.padEnd(tabStops(columns).stop), style: 'red' }])
  for (const [index, [why, count]] of kinds.entries()) {
    const gap = index > 0 ? '   ' : ''
    const kind: Part[] = [{ text: `${gap}${why}: `, style: 'dim' }, { text: formatCount(count) }]
    const left = kinds.length - index
    const more: Part = { text: `   and ${formatCount(left)} more`, style: 'dim' }
    const reserved = left > 1 ? widthOf([more]) : 0
    if (index > 0 && widthOf([...line, ...kind]) + reserved > columns) return [...line, more]
    line.push(...kind)
  }
  return line
}

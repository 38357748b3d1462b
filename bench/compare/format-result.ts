import { formatTable } from '../format-table.ts'
import { formatSpread, spreadOf } from '../spread.ts'
import type { Figures } from './comparison.ts'
import type { Result } from './measure-comparison.ts'

/** More than three digits would be noise on a shared machine. */
export function formatNumber(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** Both sides with their figures, and the ratios of the pairs: median, minimum and maximum. */
export function formatResult({ name, measured, baseline, shown, rounds, ratios }: Result): string {
  const side = (title: string, of: readonly Figures[]) => [
    title,
    ...Object.keys(shown).map((figure) => cell(of.flatMap((figures) => figures[figure] ?? []))),
  ]
  const table = formatTable([
    [name, ...Object.values(shown)],
    side(
      measured,
      rounds.map((round) => round.measured),
    ),
    side(
      baseline,
      rounds.map((round) => round.baseline),
    ),
  ])
  const lines = ratios.map((ratio) => {
    const bound = ratio.better === 'more' ? 'at least' : 'at most'
    const aim = ratio.target === undefined ? '' : `, target: ${bound} ${formatNumber(ratio.target)}`
    const verdict = ratio.passed === undefined ? '' : ratio.passed ? ': passed' : ': missed'
    return `${ratio.title}: ${formatSpread(ratio, formatNumber)} of the baseline${aim}${verdict}`
  })
  return [table, ...lines].join('\n')
}

const cell = (values: readonly number[]) =>
  values.length === 0 ? '' : formatSpread(spreadOf(values), formatNumber)

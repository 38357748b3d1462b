import type { RunResult } from '../run-result.ts'
import { oneLine } from '../terminal/styled-line.ts'
import { comparedFigures, type Figure } from './compare-runs-figures.ts'
import { notesOnComparing } from './compare-runs-notes.ts'
import { formatDuration } from './format-units.ts'

const NAME_WIDTH = 26
const VALUE_WIDTH = 12
const NOTABLE = 0.1
// For binary rounding errors: 1.1 must not count as more than 10 % above 1.
const NOISE = 1e-9

/** Two runs side by side, as plain text; `A` is the baseline of `B`. */
export function compareRuns(a: RunResult, b: RunResult): string {
  return [
    headingOf('A', a.load),
    headingOf('B', b.load),
    ...notesOnComparing(a.load, b.load),
    '',
    row('', 'A', 'B', 'B/A'),
    ...comparedFigures.flatMap(({ title, figures }) =>
      [title].concat(figures.map((figure) => figureRow(figure, a, b))),
    ),
  ]
    .map(oneLine)
    .join('\n')
}

function headingOf(letter: string, { name, target, seed, startedAt, seconds }: RunResult['load']): string {
  return `${letter}  ${name} → ${target}, seed ${seed}, ${startedAt}, ${formatDuration(seconds * 1_000)}`
}

const row = (name: string, ...cells: string[]) =>
  `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(VALUE_WIDTH)).join('')}`

function figureRow({ name, valueOf, format, isHigherBetter }: Figure, a: RunResult, b: RunResult): string {
  const [ofA, ofB] = [valueOf(a), valueOf(b)]
  const show = (value: number | undefined) => (value === undefined ? '-' : format(value))
  if (ofA === undefined || ofB === undefined) return row(`  ${name}`, show(ofA), show(ofB), '-')
  const mark = isNotable(ofA, ofB) ? (ofB > ofA === isHigherBetter ? 'better' : 'worse') : ''
  return `${row(`  ${name}`, show(ofA), show(ofB), ratioOf(ofA, ofB))}  ${mark}`.trimEnd()
}

const isNotable = (a: number, b: number) => Math.abs(b - a) > a * (NOTABLE + NOISE)

function ratioOf(a: number, b: number): string {
  if (a === 0) return b === 0 ? '-' : '∞'
  return (b / a).toFixed(2)
}

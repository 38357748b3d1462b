import type { AnsweredLane } from '../../../../backbone/figures/member-figures.ts'
import { answerRate } from '../../../../backbone/operations/answer-rates.ts'
import type { SystemState } from '../../../../backbone/operations/system-state.ts'
import { el } from '../../../pages/browser/dom.ts'
import { createTable } from '../elements/table.ts'
import { milliseconds, rate } from '../format.ts'
import { texts } from '../texts.ts'

const { heading, answer, lanes, rows } = texts.overview.checkouts
const laneNames = Object.keys(lanes) as AnsweredLane[]

type RowName = keyof typeof rows
type Figures = NonNullable<SystemState['checkouts']>

/** Of one lane: checkouts per second with such an answer, or a time in milliseconds. */
function figureOf(row: RowName, lane: AnsweredLane, { perSecond, latencyMs }: Figures): number | undefined {
  if (row === 'p50' || row === 'p99') return latencyMs[lane]?.[row]
  return answerRate(row, lane, perSecond)
}

/** Refused purchases have the colour of a problem; visits may be refused. */
function cellOf(row: RowName, lane: AnsweredLane, figures: Figures | null): string | Node {
  const value = figures && figureOf(row, lane, figures)
  if (row === 'p50' || row === 'p99') return milliseconds(value)
  const isLoss = row === 'refused' && lane !== 'browse'
  return isLoss && value ? el('span', { class: 'bad' }, rate(value)) : rate(value)
}

/** Checkouts per second of each lane, by what they were answered. */
export function createCheckoutRates() {
  let figures: Figures | null = null
  const { element, update } = createTable<RowName>({
    caption: heading,
    empty: '',
    key: (row) => row,
    columns: [
      { header: answer, cell: (row) => rows[row], isRowHeader: true },
      ...laneNames.map((lane) => ({
        header: lanes[lane],
        cell: (row: RowName) => cellOf(row, lane, figures),
        isNumber: true,
      })),
    ],
  })

  /** Null: nothing is known. */
  function show(now: Figures | null): void {
    figures = now
    update(Object.keys(rows) as RowName[])
  }

  element.classList.add('rates')
  show(null)
  return { element, show }
}

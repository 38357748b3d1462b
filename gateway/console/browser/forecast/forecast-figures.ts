import type { Band, ForecastMinute, ForecastState } from '../../../../backbone/operations/forecast-state.ts'
import { el } from '../../../pages/browser/dom.ts'
import { createTable } from '../elements/table.ts'
import { elapsed, rate, share, UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'

const words = texts.forecast.figures

type Figure = Exclude<keyof ForecastMinute, 'at'>

interface Row {
  figure: Figure
  minutes: readonly ForecastMinute[]
}

const writers: Record<Figure, (value: number) => string> = {
  purchase: rate,
  browse: rate,
  slowShare: share,
  lagSeconds: (seconds) => elapsed(seconds * 1_000),
}
const figures = Object.keys(writers) as Figure[]

/** Three minutes of the next hour in figures; hidden while unknown. */
export function createForecastFigures() {
  const column = (
    header: string,
    minuteOf: (minutes: readonly ForecastMinute[]) => ForecastMinute | undefined,
  ) => ({
    header,
    isName: true,
    cell: ({ figure, minutes }: Row) => rangeText(minuteOf(minutes)?.[figure], writers[figure]),
  })
  const table = createTable<Row>({
    caption: words.heading,
    empty: '',
    key: ({ figure }) => figure,
    columns: [
      { header: words.figure, isRowHeader: true, isName: true, cell: ({ figure }) => words.rows[figure] },
      column(words.now, (minutes) => minutes[0]),
      column(words.half, (minutes) => minutes[30]),
      column(words.end, (minutes) => minutes[59]),
    ],
  })
  const element = el('section', { class: 'panel', hidden: true }, table.element)

  function show(state: ForecastState): void {
    element.hidden = !state.known
    if (state.known) table.update(figures.map((figure) => ({ figure, minutes: state.minutes })))
  }

  return { element, show }
}

export function rangeText(band: Band | null | undefined, write: (value: number) => string): string {
  return band ? words.range(write(band.median), write(band.lower), write(band.upper)) : UNKNOWN
}

import { el, setText } from '../../../pages/browser/dom.ts'
import { time } from '../format.ts'
import { texts } from '../texts.ts'

export interface LegendEntry {
  label: string
  /** Its colour: a class of the style sheet. */
  line: string
  isDashed?: boolean
}

interface LegendOptions {
  title: string
  series: readonly LegendEntry[]
  write: (value: number | null | undefined) => string
  /** Index of the present values: at the end of a history, at the start of a forecast. */
  present: -1 | 0
}

/** The lines of a plot by name, each with its value at the pointer, or the present one. */
export function createPlotLegend({ title, series, write, present }: LegendOptions) {
  const when = el('span', { class: 'figure' })
  const caption = el('figcaption', {}, `${title} `, when)
  const entries = series.map(({ label, line, isDashed }) => {
    const swatch = el('span', { class: `swatch ${line}${isDashed ? ' dashed' : ''}`, 'aria-hidden': 'true' })
    const value = el('span', { class: 'number' }, write(null))
    return { swatch, value, item: el('li', {}, swatch, ` ${label} `, value) }
  })
  const element = el('ul', { class: 'legend' }, ...entries.map(({ item }) => item))

  /** `index`: of the points under the pointer. Lines without any value are left out. */
  function show(
    columns: readonly (number | null)[][],
    index: number | null | undefined,
    at: number | undefined,
  ) {
    setText(when, at === undefined ? '' : texts.overview.plots.at(time(at)))
    for (const [line, { value, item }] of entries.entries()) {
      const column = columns[line] ?? []
      setText(value, write(column.at(index ?? present)))
      item.hidden = column.every((known) => known === null)
    }
  }

  return {
    caption,
    element,
    /** As the style sheet has it now, for this theme. */
    colour: (line: number) => getComputedStyle(entries[line]?.swatch ?? element).color,
    show,
  }
}

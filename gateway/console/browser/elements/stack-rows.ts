import { el } from '../../../pages/browser/dom.ts'

/** What a column needs at least: with less for each, the cells of a row are stacked. */
const COLUMN_REM = 6.5
const LONG_REM = 10

interface TableColumn {
  isWide?: boolean
  isName?: boolean
}

const widthOf = ({ isWide, isName }: TableColumn): number => (isWide || isName ? LONG_REM : COLUMN_REM)

const remPx = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)

/**
 * The box of a table. On narrow screens it shows each row as a card, whose cells have their headers beside them: see
 * base.css. A box that scrolls can be reached with the keyboard.
 */
export function tableBox(
  table: HTMLTableElement,
  columns: readonly TableColumn[],
  ...more: Node[]
): HTMLDivElement {
  const label = table.caption?.textContent ?? ''
  const box = el('div', { class: 'table', role: 'region', 'aria-label': label }, table, ...more)
  const leastRem = columns.reduce((sum, column) => sum + widthOf(column), 0)
  const observer = new ResizeObserver(() => {
    box.classList.toggle('stacked', box.clientWidth < leastRem * remPx())
    const isScrolled = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight
    if (isScrolled) box.tabIndex = 0
    else box.removeAttribute('tabindex')
  })
  observer.observe(box)
  observer.observe(table)
  return box
}

/** The parts of a table keep their roles, which browsers forget when the style sheet stacks them. */
export const roles = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  columnHeader: { role: 'columnheader', scope: 'col' },
  rowHeader: { role: 'rowheader', scope: 'row' },
  cell: { role: 'cell' },
} as const

import { el, setText } from './dom.ts'

export interface Column<Row> {
  header: string
  /** Text, or elements that are replaced at each update. */
  cell: (row: Row) => string | Node
  /** Numbers are aligned at the right, with digits of the same width. */
  isNumber?: boolean
  /** The cell that names its row. */
  isRowHeader?: boolean
}

interface TableOptions<Row> {
  caption: string
  columns: Column<Row>[]
  key: (row: Row) => string
  /** Shown instead of rows. */
  empty: string
}

/**
 * A table whose rows are updated in place: by their key, and only cells that have changed. It scrolls in its own box
 * on narrow screens.
 */
export function createTable<Row>({ caption, columns, key, empty }: TableOptions<Row>) {
  const body = el('tbody')
  const heads = columns.map(({ header, isNumber }) =>
    el('th', { scope: 'col', class: isNumber ? 'number' : undefined }, header),
  )
  const table = el('table', {}, el('caption', {}, caption), el('thead', {}, el('tr', {}, ...heads)), body)
  const emptyRow = el('tr', {}, el('td', { colspan: columns.length, class: 'empty' }, empty))
  const element = el('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': caption }, table)
  const rows = new Map<string, HTMLTableRowElement>()

  function createRow(): HTMLTableRowElement {
    const cells = columns.map(({ isNumber, isRowHeader }) => {
      const attributes = { class: isNumber ? 'number' : undefined }
      return isRowHeader ? el('th', { scope: 'row', ...attributes }) : el('td', attributes)
    })
    return el('tr', {}, ...cells)
  }

  function fill(row: HTMLTableRowElement, data: Row): void {
    for (const [index, { cell }] of columns.entries()) {
      const target = row.cells[index]
      if (target === undefined) continue
      const content = cell(data)
      if (typeof content === 'string') setText(target, content)
      else if (!target.firstChild?.isEqualNode(content)) target.replaceChildren(content)
    }
  }

  function update(data: readonly Row[]): void {
    const keys = new Set(data.map(key))
    for (const [name, row] of rows) {
      if (keys.has(name)) continue
      row.remove()
      rows.delete(name)
    }
    for (const [index, item] of data.entries()) {
      const name = key(item)
      const row = rows.get(name) ?? createRow()
      rows.set(name, row)
      fill(row, item)
      if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null)
    }
    if (data.length === 0) body.replaceChildren(emptyRow)
    else emptyRow.remove()
  }

  update([])
  return { element, update }
}

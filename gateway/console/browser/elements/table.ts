import { el, setText } from '../../../pages/browser/dom.ts'
import { roles, tableBox } from './stack-rows.ts'

export interface Column<Row> {
  header: string
  /** Text, or elements that are replaced at each update. */
  cell: (row: Row) => string | Node
  /** Numbers are aligned at the right, with digits of the same width. */
  isNumber?: boolean
  /** The cell that names its row. */
  isRowHeader?: boolean
  /** Long texts, which take the whole width where rows are stacked. */
  isWide?: boolean
  /** Names that may be long. */
  isName?: boolean
}

interface TableOptions<Row> {
  caption: string
  columns: Column<Row>[]
  key: (row: Row) => string
  /** Shown instead of rows. */
  empty: string
}

/** A table whose rows are updated in place: by their key, and only cells that have changed. */
export function createTable<Row>({ caption, columns, key, empty }: TableOptions<Row>) {
  const body = el('tbody', roles.group)
  const heads = columns.map(({ header, isNumber }) =>
    el('th', { ...roles.columnHeader, class: isNumber ? 'number' : undefined }, header),
  )
  const head = el('thead', roles.group, el('tr', roles.row, ...heads))
  const table = el('table', roles.table, el('caption', {}, caption), head, body)
  const emptyCell = el('td', { ...roles.cell, colspan: columns.length, class: 'empty wide' }, empty)
  const emptyRow = el('tr', roles.row, emptyCell)
  const element = tableBox(table, columns)
  const rows = new Map<string, HTMLTableRowElement>()

  function createRow(): HTMLTableRowElement {
    return el('tr', roles.row, ...columns.map(createCell))
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

/** An empty cell, with the name of its column for where rows are stacked. */
export function createCell<Row>({ header, isRowHeader, ...is }: Omit<Column<Row>, 'cell'>) {
  const classes = [is.isNumber && 'number', is.isWide && 'wide', is.isName && 'name'].filter(Boolean)
  const attributes = { class: classes.join(' ') || undefined, 'data-label': header }
  return isRowHeader
    ? el('th', { ...roles.rowHeader, ...attributes })
    : el('td', { ...roles.cell, ...attributes })
}

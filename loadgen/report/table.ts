import { type Content, html, type Markup } from './html.ts'

/** A table with more columns does not fit on a tablet. */
const MOST_NARROW_COLUMNS = 6

interface Table {
  title: string
  /** The first column contains names; the others contain numbers, except those in `texts`. */
  columns: readonly string[]
  texts?: readonly string[]
  rows: readonly (readonly Content[])[]
}

/**
 * Empty without rows. The roles are needed because a narrow page shows each row as a list, and browsers then
 * no longer treat it as a table.
 */
export function table({ title, columns, texts = [], rows }: Table): Markup | undefined {
  if (rows.length === 0) return undefined
  const isText = columns.map((column, index) => index === 0 || texts.includes(column))
  const classOf = (index: number) => (isText[index] ? 'text' : 'number')
  return html`<section>
<h2>${title}</h2>
<table role="table"${columns.length > MOST_NARROW_COLUMNS ? html` class="wide"` : undefined}>
<thead role="rowgroup"><tr role="row">${columns.map((column, index) => html`<th role="columnheader" class="${classOf(index)}">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  (
    cells,
  ) => html`<tr role="row">${cells.map((cell, index) => html`<td role="cell" class="${classOf(index)}" data-column="${columns[index]}">${cell}</td>`)}</tr>
`,
)}</tbody>
</table>
</section>
`
}

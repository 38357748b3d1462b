import { type Content, html, type Markup } from './html.ts'

interface Table {
  title: string
  /** The first column holds names, the others numbers unless `texts` names them. */
  columns: readonly string[]
  texts?: readonly string[]
  rows: readonly (readonly Content[])[]
}

/** Nothing when there are no rows. */
export function table({ title, columns, texts = [], rows }: Table): Markup | undefined {
  if (rows.length === 0) return undefined
  const isText = columns.map((column, index) => index === 0 || texts.includes(column))
  const classOf = (index: number) => (isText[index] ? 'text' : 'number')
  return html`<section>
<h2>${title}</h2>
<table>
<thead><tr>${columns.map((column, index) => html`<th scope="col" class="${classOf(index)}">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (cells) => html`<tr>${cells.map((cell, index) => html`<td class="${classOf(index)}">${cell}</td>`)}</tr>
`,
)}</tbody>
</table>
</section>
`
}

import { html } from './html.ts'

// On a narrow page each row of a table is a list: the name, then every value with its column.
const rowsAsLists = html`display: block;
    & tbody { display: block; }
    & thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    & tr {
      display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 1px 20px;
      padding: 10px 0; border-bottom: 1px solid var(--hair);
    }
    & td, & td.text { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 10px; padding: 1px 0; border: 0; }
    & td::before { content: attr(data-column); color: var(--quiet); text-align: left; }
    & td:first-child { grid-column: 1 / -1; font-weight: 600; }
    & td:first-child::before { content: none; }
    & td.text:not(:first-child) { grid-column: 1 / -1; white-space: normal; overflow-wrap: anywhere; }`

/** A wide table becomes lists on a tablet, every other one on a telephone. */
export const tableStyles = html`section { margin: 30px 0; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th, td { padding: 5px 0 5px 14px; border-bottom: 1px solid var(--hair); text-align: right; white-space: nowrap; }
th { color: var(--quiet); font-size: 12px; font-weight: 400; vertical-align: bottom; }
.text { padding: 5px 14px 5px 0; text-align: left; }
td.text:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 9em; }
code { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media screen and (max-width: 640px) {
  table { ${rowsAsLists} }
}
@media screen and (max-width: 980px) {
  table.wide { ${rowsAsLists} }
}
`

import { html } from './html.ts'

export const printStyles = html`@page { size: A4; margin: 14mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  h1 { margin-bottom: 8px; font-size: 20pt; }
  .verdict { margin: 14px 0 16px; padding: 10px 0; }
  .note, figure { margin-bottom: 14px; }
  section { margin: 18px 0; }
  figure, tr, .verdict, header { break-inside: avoid; }
  h2, figcaption, thead { break-after: avoid; }
  .cursor, .values { display: none; }
  table { font-size: 7.5pt; }
  th { font-size: 7pt; }
  th, td { padding: 3px 0 3px 8px; }
  .text { padding: 3px 8px 3px 0; }
  code { font-size: 7pt; }
}
`

import { html } from './html.ts'

/** The colours can be told apart by the colour-blind: Okabe and Ito's, made darker on white and lighter on black. */
export const styles = html`<style>
:root {
  color-scheme: light dark;
  --page: #fff; --ink: #1b1f24; --quiet: #667079; --hair: #e3e6ea; --axis: #aab1b9; --mark: #c3c9d0;
  --good: #00735a; --bad: #b83a00;
  --blue: #0065a8; --sky: #9fd3f2; --vermillion: #d55e00; --green: #009370; --pink: #b9558f; --ochre: #a37800;
  --grey: #9aa1a9; --plan: #e9ecef;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --ink: #e4e7ea; --quiet: #98a1ab; --hair: #2a2f35; --axis: #565e67; --mark: #444b53;
    --good: #3ccfa5; --bad: #ff8a4c;
    --blue: #6cbcf5; --sky: #26587c; --vermillion: #ff8b3d; --green: #36cda2; --pink: #e793c4; --ochre: #dfba45;
    --grey: #7d858e; --plan: #262b31;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 40px 24px 64px; max-width: 1008px; background: var(--page); color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact; print-color-adjust: exact;
}
h1 { margin: 0 0 14px; font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { margin: 0 0 6px; font-size: 15px; font-weight: 650; }
.kind { margin: 0; color: var(--quiet); font-size: 12px; letter-spacing: .06em; text-transform: uppercase; }
dl { display: flex; flex-wrap: wrap; gap: 10px 32px; margin: 0; }
dt, .tile span { color: var(--quiet); font-size: 12px; }
dd { margin: 0; overflow-wrap: anywhere; }
.verdict { margin: 24px 0 36px; padding: 16px 0; border: solid var(--hair); border-width: 1px 0; }
.verdict ul { margin: 2px 0 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
.verdict .notes { margin-top: 14px; color: var(--quiet); }
.overall { margin: 0; font-size: 18px; font-weight: 650; }
.tiles { display: flex; flex-wrap: wrap; gap: 14px 40px; margin-top: 14px; }
.tile b { display: block; font-size: 20px; line-height: 1.3; font-weight: 550; white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); }
figure { margin: 0 0 26px; }
figcaption { margin-bottom: 4px; color: var(--quiet); font-size: 13px; }
figcaption b { margin-right: 6px; color: var(--ink); font-size: 15px; font-weight: 650; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--quiet); font-size: 12px; }
svg .name { fill: var(--ink); }
svg .grid { stroke: var(--hair); }
svg .axis { stroke: var(--axis); }
svg .mark { stroke: var(--mark); stroke-dasharray: 1 3; }
svg text.mark { stroke: none; fill: var(--quiet); font-size: 10px; }
.line, .broad, .thin, .dashed { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
.broad { stroke-width: 4; }
.thin { stroke-width: 1; }
.dashed { stroke-dasharray: 5 4; }
.area { fill: var(--plan); stroke: var(--grey); stroke-width: 1; }
.area.key { stroke: var(--plan); stroke-width: 9; }
.blue { stroke: var(--blue); }
.sky { stroke: var(--sky); }
.vermillion { stroke: var(--vermillion); }
.green { stroke: var(--green); }
.pink { stroke: var(--pink); }
.ochre { stroke: var(--ochre); }
.grey { stroke: var(--grey); }
.ink { stroke: var(--ink); }
.note { margin: 0 0 18px; color: var(--quiet); }
section { margin: 30px 0; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th, td { padding: 5px 0 5px 14px; border-bottom: 1px solid var(--hair); text-align: right; white-space: nowrap; }
th { color: var(--quiet); font-size: 12px; font-weight: 400; vertical-align: bottom; }
.text { padding: 5px 14px 5px 0; text-align: left; }
td.text:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 9em; }
code { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@page { size: A4; margin: 14mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  h1 { margin-bottom: 8px; font-size: 20pt; }
  .verdict { margin: 14px 0 16px; padding: 10px 0; }
  .note, figure { margin-bottom: 14px; }
  section { margin: 18px 0; }
  section { overflow: visible; }
  figure, tr, .verdict, header { break-inside: avoid; }
  h2, figcaption, thead { break-after: avoid; }
  table { font-size: 7.5pt; }
  th { font-size: 7pt; }
  th, td { padding: 3px 0 3px 8px; }
  .text { padding: 3px 8px 3px 0; }
  code { font-size: 7pt; }
}
</style>`

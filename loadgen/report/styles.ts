import { chartStyles } from './chart-styles.ts'
import { html } from './html.ts'
import { printStyles } from './print-styles.ts'
import { tableStyles } from './table-styles.ts'

/**
 * No text is smaller than 11 px. The colours are safe for colour-blind readers: Okabe and Ito's, darker on
 * white and lighter on black.
 */
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
.note { margin: 0 0 18px; color: var(--quiet); }
@media screen and (max-width: 640px) {
  body { padding: 20px 16px 40px; }
  h1 { font-size: 26px; }
  .tiles { gap: 12px 28px; }
}
${chartStyles}${tableStyles}${printStyles}</style>`

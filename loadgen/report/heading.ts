import type { RunResult } from '../run-result.ts'
import { formatMoment } from './format-cells.ts'
import { formatDuration } from './format-units.ts'
import { html, type Markup } from './html.ts'

/** The load, the target and the time of the run. */
export function heading({ name, target, seed, startedAt, seconds, tags }: RunResult['load']): Markup {
  const facts: [string, string][] = [
    ['target', target],
    ['started', formatMoment(startedAt)],
    ['sending for', formatDuration(seconds * 1_000)],
    ['seed', String(seed)],
    ...Object.entries(tags),
  ]
  return html`<header>
<p class="kind">Load test</p>
<h1>${name}</h1>
<dl>${facts.map(([term, fact]) => html`<div><dt>${term}</dt><dd>${fact}</dd></div>`)}</dl>
</header>
`
}

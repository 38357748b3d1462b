import type { Breakpoint, Outcomes, RunResult } from '../run-result.ts'
import { verdictOf } from '../verdict.ts'
import { formatCount, formatRate } from './format-units.ts'
import { html, type Markup } from './html.ts'
import { isKnown } from './known.ts'

interface Tile {
  title: string
  text: string
  /** Undefined if there is no criterion. */
  isGood?: boolean
}

/** The most important results. */
export function verdictStrip(result: RunResult): Markup {
  const { failures } = verdictOf(result)
  const notes = notesOf(result.load)
  const isGood = failures.length === 0
  return html`<section class="verdict">
<p class="overall ${isGood ? 'good' : 'bad'}">${isGood ? '✓ Passed' : '✗ Failed'}</p>
${failures.length > 0 ? html`<ul>${failures.map((failure) => html`<li>${failure}</li>`)}</ul>` : undefined}
<div class="tiles">${tilesOf(result).map(drawTile)}</div>
${notes.length > 0 ? html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>` : undefined}
</section>
`
}

const drawTile = ({ title, text, isGood }: Tile): Markup =>
  html`<div class="tile"><span>${title}</span><b${classOf(isGood)}>${text}</b></div>
`

const classOf = (isGood: boolean | undefined) =>
  isGood === undefined ? undefined : html` class="${isGood ? 'good' : 'bad'}"`

function tilesOf({ metrics, load }: RunResult): Tile[] {
  const { thresholds, outcomes, breakpoint } = load
  const passed = thresholds.filter(({ ok }) => ok).length
  const dropped = metrics['dropped_iterations']
  return [
    ...(thresholds.length > 0
      ? [
          {
            title: 'thresholds passed',
            text: `${passed} of ${thresholds.length}`,
            isGood: passed === thresholds.length,
          },
        ]
      : []),
    ...(outcomes ? outcomeTiles(outcomes) : []),
    ...(dropped && 'count' in dropped ? [faultTile('dropped iterations', dropped.count)] : []),
    ...(breakpoint ? [breakpointTile(breakpoint)] : []),
  ]
}

const faultTile = (title: string, count: number): Tile => ({
  title,
  text: formatCount(count),
  isGood: count === 0,
})

function outcomeTiles({ single, accepted, lost, duplicated, wrongKind, wrongText }: Outcomes): Tile[] {
  const wrong = wrongKind + wrongText
  return [
    {
      title: 'exactly one outcome',
      text: `${formatCount(single)} of ${formatCount(accepted)}`,
      isGood: single === accepted,
    },
    faultTile('lost', lost),
    faultTile('duplicated', duplicated),
    ...(wrong > 0 ? [faultTile('wrong', wrong)] : []),
  ]
}

function breakpointTile({ held }: Breakpoint): Tile {
  return isKnown(held)
    ? { title: 'highest rate that passed', text: formatRate(held) }
    : { title: 'highest rate that passed', text: 'none', isGood: false }
}

function notesOf(load: RunResult['load']): string[] {
  const { endedEarly, rateChanges, unanswered, outcomes, breakpoint } = load
  const factor = rateChanges.at(-1)?.factor
  return [
    ...(endedEarly ? [`Ended early: ${endedEarly}.`] : []),
    ...(breakpoint?.broken
      ? [`Broken at ${formatRate(breakpoint.broken.rate)}: ${breakpoint.broken.thresholds.join('; ')}.`]
      : []),
    ...(factor === undefined ? [] : [`The rate was changed manually; at the end it was ×${factor}.`]),
    ...(unanswered > 0
      ? [`${formatCount(unanswered)} requests were not answered before the end; no figure includes them.`]
      : []),
    ...(outcomes ? [] : ['Outcomes were not followed, so lost or duplicated ones are unknown.']),
  ]
}

import type { SystemState } from '../../../../backbone/operations/system-state.ts'
import type { Verdict } from '../../../../backbone/operations/verdict.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { duration, time } from '../format.ts'
import { texts } from '../texts.ts'
import { verdictTexts } from './words.ts'

type Level = Verdict['level'] | 'unknown'

/** Beside the word, for who does not see the colour. */
const SYMBOLS: Record<Level, string> = { ok: '✓', warn: '▲', bad: '✕', unknown: '?' }

/** The most severe verdict in large letters, and the others below. */
export function createVerdict() {
  const { levels, heading, more } = texts.overview.verdict
  const level = el('p', { class: 'verdict-level' })
  const since = el('p', { class: 'muted figure' })
  const sentence = el('p', { class: 'verdict-sentence', role: 'status' })
  const facts = el('p', { class: 'figure' })
  const advice = el('p', { class: 'verdict-advice' })
  const others = el('ul', { class: 'verdict-others' })
  const othersHeading = el('h3', {}, more)
  const element = el(
    'section',
    { class: 'panel verdict', 'aria-label': heading },
    el('h2', { class: 'visually-hidden' }, heading),
    el('div', {}, level, sentence, since, facts, advice),
    el('div', {}, othersHeading, others),
  )

  function write(shown: Level, text: string, rest: { since: string; facts: string; advice: string }): void {
    element.dataset['level'] = shown
    setText(level, `${SYMBOLS[shown]} ${levels[shown]}`)
    setText(sentence, text)
    // For the tab, while another one is open.
    document.title = `${SYMBOLS[shown]} ${text} · ${texts.site.title}`
    setText(since, rest.since)
    setText(facts, rest.facts)
    setText(advice, rest.advice)
  }

  function show({ verdicts, at }: Pick<SystemState, 'verdicts' | 'at'>): void {
    const [first, ...rest] = verdicts.map((verdict) => textsOf(verdict, at))
    if (first) write(first.level, first.sentence, first)
    const items = rest.map((verdict) =>
      el(
        'li',
        {},
        el('strong', { class: verdict.level }, `${SYMBOLS[verdict.level]} ${verdict.sentence}`),
        el('span', { class: 'muted figure' }, ` ${verdict.since}`),
        el('p', {}, [verdict.facts, verdict.advice].filter(Boolean).join('. ')),
      ),
    )
    othersHeading.hidden = items.length === 0
    others.replaceChildren(...items)
  }

  /** Nothing is known now; the last verdict is no longer shown as if it held. */
  function showUnknown(seconds: number, last: SystemState | undefined): void {
    const { unknown, withoutFigures, lastKnown } = texts.overview.live
    const [known] = last?.verdicts ?? []
    const before = known && last ? lastKnown(textsOf(known, last.at).sentence) : ''
    write('unknown', unknown, { since: withoutFigures(duration(seconds)), facts: before, advice: '' })
    othersHeading.hidden = true
    others.replaceChildren()
  }

  othersHeading.hidden = true
  return { element, show, showUnknown }
}

const textsOf = (verdict: Verdict, now: number) => ({
  ...verdictTexts(verdict),
  level: verdict.level,
  since: texts.overview.verdict.since(time(verdict.since), duration((now - verdict.since) / 1_000)),
})

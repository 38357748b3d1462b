import type { SystemState } from '../../../../backbone/operations/system-state.ts'
import type { Verdict } from '../../../../backbone/operations/verdict.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { duration, time } from '../format.ts'
import { texts } from '../texts.ts'
import { createVerdictLink } from './verdict-link.ts'
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
  const link = createVerdictLink()
  const others = createOtherVerdicts()
  const othersHeading = el('h3', {}, more)
  const element = el(
    'section',
    { class: 'panel verdict', 'aria-label': heading },
    el('h2', { class: 'visually-hidden' }, heading),
    el('div', {}, level, sentence, since, facts, advice, link.element),
    el('div', {}, othersHeading, others.element),
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
    link.show(first?.code)
    othersHeading.hidden = rest.length === 0
    others.show(rest)
  }

  /** Nothing is known now; the last verdict is no longer shown as if it held. */
  function showUnknown(seconds: number, last: SystemState | undefined): void {
    const { unknown, withoutFigures, lastKnown } = texts.overview.live
    const [known] = last?.verdicts ?? []
    const before = known && last ? lastKnown(textsOf(known, last.at).sentence) : ''
    write('unknown', unknown, { since: withoutFigures(duration(seconds)), facts: before, advice: '' })
    link.show()
    othersHeading.hidden = true
    others.show([])
  }

  othersHeading.hidden = true
  return { element, show, showUnknown }
}

/** Elements are used again: a link that has the focus must not be replaced each second. */
function createOtherVerdicts() {
  const element = el('ul', { class: 'verdict-others' })
  const items: ReturnType<typeof createItem>[] = []

  function add(): void {
    const item = createItem()
    items.push(item)
    element.append(item.element)
  }

  return {
    element,
    show(verdicts: readonly ShownVerdict[]): void {
      while (items.length < verdicts.length) add()
      for (const item of items.splice(verdicts.length)) item.element.remove()
      for (const [index, verdict] of verdicts.entries()) items[index]?.show(verdict)
    },
  }
}

function createItem() {
  const sentence = el('strong')
  const since = el('span', { class: 'muted figure' })
  const advice = el('p')
  const link = createVerdictLink()
  return {
    element: el('li', {}, sentence, ' ', since, advice, link.element),
    show(verdict: ShownVerdict): void {
      sentence.className = verdict.level
      setText(sentence, `${SYMBOLS[verdict.level]} ${verdict.sentence}`)
      setText(since, verdict.since)
      setText(advice, [verdict.facts, verdict.advice].filter(Boolean).join('. '))
      link.show(verdict.code)
    },
  }
}

type ShownVerdict = ReturnType<typeof textsOf>

const textsOf = (verdict: Verdict, now: number) => ({
  ...verdictTexts(verdict),
  code: verdict.code,
  level: verdict.level,
  since: texts.overview.verdict.since(time(verdict.since), duration((now - verdict.since) / 1_000)),
})

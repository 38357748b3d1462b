import type { Shares, SlowPurchases } from '../../../../backbone/insights/slow-purchases.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { language } from '../../../pages/browser/language.ts'
import { createFigureList } from '../elements/figure-list.ts'
import { count } from '../format.ts'
import { texts } from '../texts.ts'
import { intervalText, slowOf } from './insight-words.ts'
import { createCauseTable } from './slow-causes.ts'
import { createDifferenceTable } from './slow-differences.ts'
import { createStageTable } from './slow-stages.ts'

const { insights: text } = texts

/** The answer of `GET /insights/slow`: in words first, then the figures behind them. */
export function createSlowPurchases() {
  const words = el('p', { class: 'insights-words', lang: language })
  const facts = createFigureList(text.facts)
  const causes = createCauseTable()
  const stages = createStageTable()
  const differences = createDifferenceTable()
  const summary = el('section', { class: 'panel', 'aria-label': text.summary }, words, facts.element)
  const tables = [causes.element, stages.element, differences.element]
  const figures = [facts.element, ...tables]

  return {
    elements: [summary, ...tables],

    show(answer: SlowPurchases): void {
      for (const element of figures) element.hidden = answer.purchases.of === 0
      setText(words, answer.text[language])
      facts.show(factsOf(answer))
      causes.show(answer)
      stages.show(answer.stages)
      differences.show(answer.differences)
    },
  }
}

const factsOf = (answer: SlowPurchases): Record<keyof typeof text.facts, string> => ({
  slow: sharesOf(answer.purchases),
  before: answer.before ? sharesOf(answer.before) : text.beforeUnknown,
  sampled: answer.sampled ? text.sample(count(answer.sampled.read), count(answer.sampled.of)) : text.allRead,
  staged: count(answer.staged),
  candidates: count(answer.candidates),
  zone: answer.timeZone,
})

const sharesOf = (shares: Shares) => `${slowOf(shares)}: ${intervalText(shares)}`

import type { Difference } from '../../../../backbone/insights/slow-purchases.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { createTable } from '../elements/table.ts'
import { count } from '../format.ts'
import { texts } from '../texts.ts'
import { ratioText, shareCell, slowOf, traitTitle, traitWords } from './insight-words.ts'

const { insights: text } = texts
const { differences: words } = text

/** What is slow more often, and whether something else explains it. */
export function createDifferenceTable() {
  const others = el('p', { class: 'hint' })
  const table = createTable<Difference>({
    caption: words.caption,
    empty: words.none,
    key: ({ traits }) => JSON.stringify(traits),
    columns: [
      { header: words.purchases, isRowHeader: true, isName: true, cell: ({ traits }) => traitTitle(traits) },
      { header: text.causes.slow, isNumber: true, cell: slowOf },
      { header: text.causes.share, isWide: true, cell: shareCell },
      { header: text.causes.times, isNumber: true, cell: ({ lift }) => ratioText(lift) },
      { header: words.alike, isNumber: true, cell: ({ adjusted }) => ratioText(adjusted) },
      { header: words.verdict, isWide: true, cell: verdictOf },
    ],
  })

  function show(differences: readonly Difference[]): void {
    const withVerdict = (verdict: Difference['verdict']) =>
      differences.filter((each) => each.verdict === verdict)
    const [unremarkable, few] = [withVerdict('unremarkable').length, withVerdict('few').length]
    table.update([...withVerdict('cause'), ...withVerdict('explained'), ...withVerdict('usual')])
    setText(others, unremarkable + few === 0 ? '' : words.others(count(unremarkable), count(few)))
  }

  return { element: el('section', { class: 'panel' }, table.element, others), show }
}

function verdictOf({ verdict, explainedBy = [] }: Difference): string {
  if (verdict === 'explained') return words.explained(traitWords(explainedBy))
  return verdict === 'cause' || verdict === 'usual' ? words.verdicts[verdict] : ''
}

import type { SlowCause, SlowPurchases } from '../../../../backbone/insights/slow-purchases.ts'
import { el } from '../../../pages/browser/dom.ts'
import { checkoutAddress } from '../../../pages/checkout-address.ts'
import { createTable } from '../elements/table.ts'
import { count, UNKNOWN, zonedTime } from '../format.ts'
import { texts } from '../texts.ts'
import { ratioText, shareCell, slowOf, traitTitle } from './insight-words.ts'

const { insights: text } = texts
const ID_START = 8

interface CauseRow {
  cause: SlowCause
  /** As in the text. */
  timeZone: string
}

/** What makes purchases slow, the strongest evidence first. */
export function createCauseTable() {
  const table = createTable<CauseRow>({
    caption: text.causes.caption,
    empty: text.causes.none,
    key: ({ cause: { traits, since } }) => JSON.stringify([traits, since]),
    columns: [
      { header: text.causes.cause, isRowHeader: true, isName: true, cell: nameOf },
      { header: text.causes.slow, isNumber: true, cell: ({ cause: { during } }) => slowOf(during) },
      { header: text.causes.share, isWide: true, cell: ({ cause: { during } }) => shareCell(during) },
      { header: text.causes.times, isNumber: true, cell: ({ cause: { lift } }) => ratioText(lift) },
      {
        header: text.causes.since,
        cell: ({ cause, timeZone }) => momentOf(cause.since, timeZone, text.causes.noBeginning),
      },
      {
        header: text.causes.until,
        cell: ({ cause, timeZone }) => momentOf(cause.until, timeZone, text.causes.ongoing),
      },
      { header: text.causes.stage, isWide: true, cell: stageOf },
      { header: text.causes.examples, isWide: true, cell: examplesOf },
    ],
  })
  return {
    element: el('section', { class: 'panel' }, table.element),
    show: ({ causes, timeZone }: SlowPurchases) => table.update(causes.map((cause) => ({ cause, timeZone }))),
  }
}

const nameOf = ({ cause: { traits, isComparedWithBefore } }: CauseRow): string | Node =>
  isComparedWithBefore
    ? traitTitle(traits)
    : el('span', {}, traitTitle(traits), el('span', { class: 'cause-note muted' }, text.causes.mayBeUsual))

const momentOf = (at: string | null, timeZone: string, otherwise: string): string | Node =>
  at === null ? otherwise : el('time', { datetime: at }, zonedTime(Date.parse(at), timeZone))

const stageOf = ({ cause: { stage } }: CauseRow): string =>
  stage === null ? UNKNOWN : text.stageTook(stage.stage, count(stage.minutes), count(stage.ofMinutes))

const examplesOf = ({ cause: { examples } }: CauseRow): Node =>
  el(
    'div',
    { class: 'examples' },
    ...examples.map((eventId) =>
      el(
        'a',
        { href: checkoutAddress(eventId), class: 'id', title: eventId },
        eventId.slice(0, ID_START),
        el('span', { class: 'visually-hidden' }, ` ${texts.checkouts.open(eventId)}`),
      ),
    ),
  )

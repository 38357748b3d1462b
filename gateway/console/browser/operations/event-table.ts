import type { MemberEvent } from '../../../../backbone/figures/member-event.ts'
import { el } from '../../../pages/browser/dom.ts'
import { createTable } from '../elements/table.ts'
import { time } from '../format.ts'
import { texts } from '../texts.ts'
import { eventSentence } from './words.ts'

const MOST_EVENTS = 200
const labels = texts.members.events

/** What happened to the members, also before the page was opened. */
export function createEventTable() {
  let events: MemberEvent[] = []
  const table = createTable<MemberEvent>({
    caption: labels.heading,
    empty: labels.none,
    key: ({ run, number }) => `${run}/${number}`,
    columns: [
      {
        header: labels.time,
        cell: ({ at }) => el('time', { datetime: new Date(at).toISOString() }, time(at)),
      },
      { header: labels.member, isRowHeader: true, isName: true, cell: ({ member }) => member },
      {
        header: labels.event,
        isWide: true,
        cell: eventSentence,
      },
    ],
  })
  table.element.classList.add('events')
  const element = el('section', { class: 'panel' }, table.element)

  function replace(all: readonly MemberEvent[]): void {
    events = all.toSorted((a, b) => b.at - a.at || b.number - a.number).slice(0, MOST_EVENTS)
    table.update(events)
  }

  function add(more: readonly MemberEvent[]): void {
    if (more.length > 0) replace([...more, ...events])
  }

  return { element, replace, add }
}

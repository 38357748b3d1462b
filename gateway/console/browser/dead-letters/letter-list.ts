import type { DeadLetter } from '../../../../backbone/records/dead-letter.ts'
import { byId, el, setText } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { failureText, requestJson } from '../../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../../pages/browser/status.ts'
import { createTable } from '../elements/table.ts'
import { timeElement } from '../elements/time-element.ts'
import { count, UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'
import type { LetterFilter } from './letter-filter.ts'

interface Page {
  items: DeadLetter[]
  next: string | null
  /** Absent in answers of an earlier version. */
  unread?: number
}

const { list: words, reasons } = texts.deadLetters
const PAGE = 50
const MOST_POINTERS = 3

/** The table of the dead letters that match, with a button for more. */
export function createLetterList(onOpen: (id: string) => void) {
  const table = createTable<DeadLetter>({
    caption: words.caption,
    empty: words.empty,
    key: ({ id }) => id,
    columns: [
      { header: words.at, cell: opener, isRowHeader: true },
      { header: words.reason, isWide: true, cell: ({ reason }) => reasons[reason] },
      {
        header: words.redriven,
        isName: true,
        cell: ({ redriven }) =>
          redriven ? `${kindName(texts.kinds, redriven.kind)}, ${redriven.by}` : words.notYet,
      },
      {
        header: words.faults,
        isWide: true,
        cell: ({ faults }) => (faults.length === 0 ? UNKNOWN : pointersOf(faults)),
      },
      { header: words.source, isWide: true, cell: placeOf },
      { header: words.owner, isName: true, cell: ({ owner }) => owner },
      { header: words.size, cell: ({ size }) => count(size), isNumber: true },
    ],
  })
  const missing = el('p', { role: 'status' })
  const more = el('button', { type: 'button', hidden: true }, words.more)
  let filter: LetterFilter = {}
  let items: DeadLetter[] = []
  let next: string | null = null

  // One listener for all rows: their cells are replaced.
  table.element.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a[data-letter]')
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    onOpen(link.dataset['letter'] ?? '')
  })
  more.addEventListener('click', () => void load(next))
  byId('list').replaceChildren(missing, table.element, el('p', {}, more))

  async function load(cursor: string | null): Promise<void> {
    const query = new URLSearchParams({ ...filter, limit: String(PAGE), ...(cursor ? { cursor } : {}) })
    try {
      const page = await requestJson<Page>(`/dead-letters?${query.toString()}`)
      items = cursor ? [...items, ...page.items] : page.items
      next = page.next
      table.update(items)
      more.hidden = next === null
      setText(missing, page.unread ? words.unread(count(page.unread)) : '')
      clearStatus()
    } catch (error) {
      showStatus(failureText(error), 'bad')
    }
  }

  return {
    focus(id: string): void {
      table.element.querySelector<HTMLAnchorElement>(`a[data-letter="${CSS.escape(id)}"]`)?.focus()
    },
    show(shown: LetterFilter): Promise<void> {
      filter = shown
      return load(null)
    },
  }
}

/** A link, so that it can be opened in another tab. */
function opener({ id, at }: DeadLetter): Node {
  const address = new URL(location.href)
  address.searchParams.set('id', id)
  return el('a', { href: address.search, 'data-letter': id }, timeElement(at))
}

export const placeOf = ({ source, place }: Pick<DeadLetter, 'source' | 'place'>): string =>
  source ? `${source.topic}/${source.partition}/${source.offset}` : `${place.partition}/${place.offset}`

function pointersOf(faults: DeadLetter['faults']): string {
  const pointers = faults.map(({ pointer }) => pointer || words.whole)
  const rest = pointers.length - MOST_POINTERS
  return pointers.slice(0, MOST_POINTERS).join(', ') + (rest > 0 ? ` +${count(rest)}` : '')
}

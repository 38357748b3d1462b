import type { ServedOutcome } from '../../../backbone/records/outcome.ts'
import { byId } from '../../pages/browser/dom.ts'
import { failureText, requestJson } from '../../pages/browser/request.ts'
import { showStatus } from '../../pages/browser/status.ts'
import { parseSearch, type Search } from './checkouts/parse-search.ts'
import { createResultsTable } from './checkouts/results-table.ts'
import { createSearchForm, type SearchValues } from './checkouts/search-form.ts'
import { foundText, nothingText } from './checkouts/search-summary.ts'
import { count } from './format.ts'
import { periodParameters } from './forms/period.ts'
import { texts } from './texts.ts'

const { checkouts: text } = texts
const PAGE = '50'

interface Page {
  items: ServedOutcome[]
  next?: string
  /** With `next`: how many outcomes are not searched yet. */
  remaining?: number
  gap?: object[]
}

function start(): void {
  const form = createSearchForm()
  const older = byId('older', HTMLButtonElement)
  const stop = byId('stop', HTMLButtonElement)
  const results = byId('results')
  const table = createResultsTable()
  let reading = new AbortController()
  let shown: ServedOutcome[] = []
  let next: string | undefined
  let remaining = 0

  form.onSearch(() => void search())
  older.addEventListener('click', () => void readPage())
  stop.addEventListener('click', () => {
    reading.abort()
    showStatus(text.stopped(count(remaining)))
    endReading()
  })

  function search(): Promise<void> {
    form.show()
    shown = []
    next = undefined
    return readPage()
  }

  async function readPage(): Promise<void> {
    reading.abort()
    const { signal } = (reading = new AbortController())
    const values = form.read()
    const asked = parseSearch(values.text)
    const parameters = parametersOf(values, asked)
    if (parameters === undefined) return showStatus(text.periodFault, 'bad')
    if (form.hasOwner && values.owner === '' && asked.idempotencyKey !== undefined)
      return showStatus(text.keyNeedsOwner, 'bad')
    if (next !== undefined) parameters.set('cursor', next)
    showStatus(text.searching)
    older.disabled = true
    stop.hidden = next === undefined
    try {
      const page = await findPage(parameters, signal)
      shown = [...shown, ...page.items]
      const summary =
        shown.length > 0
          ? foundText(shown.length, next !== undefined, asked)
          : nothingText(asked, await oldestKept(signal))
      if (signal.aborted) return
      if (shown.length > 0) results.replaceChildren(table.element)
      else results.replaceChildren()
      table.update(shown)
      showStatus(page.gap ? `${summary} ${text.missing}` : summary)
    } catch (error) {
      if (signal.aborted) return
      if (shown.length === 0) results.replaceChildren()
      showStatus(failureText(error), 'bad')
    } finally {
      if (!signal.aborted) endReading()
    }
  }

  /** The next page with outcomes: a rare product may be far from the newest ones. */
  async function findPage(parameters: URLSearchParams, signal: AbortSignal): Promise<Page> {
    let hasGap = false
    for (;;) {
      const page = await requestJson<Page>(`/checkouts?${parameters.toString()}`, { signal })
      signal.throwIfAborted()
      next = page.next
      hasGap ||= page.gap !== undefined
      if (page.items.length > 0 || next === undefined) return { ...page, ...(hasGap ? { gap: [] } : {}) }
      remaining = page.remaining ?? 0
      stop.hidden = false
      showStatus(text.searchingOlder(count(remaining)))
      parameters.set('cursor', next)
    }
  }

  function endReading(): void {
    // A reader who stops a search by keyboard continues it there.
    const hadFocus = document.activeElement === stop
    stop.hidden = true
    older.disabled = false
    older.hidden = next === undefined
    if (hadFocus) older.focus()
  }

  void search()
}

/** Undefined if the period ends before it begins. */
function parametersOf(values: SearchValues, asked: Search): URLSearchParams | undefined {
  const period = periodParameters(values)
  if (period === undefined) return undefined
  const { kind, owner } = values
  return new URLSearchParams({
    limit: PAGE,
    ...asked,
    ...(kind === '' ? {} : { kind }),
    ...(owner === '' ? {} : { owner }),
    ...period,
  })
}

async function oldestKept(signal: AbortSignal): Promise<ServedOutcome | undefined> {
  const { items } = await requestJson<Page>('/checkouts?order=asc&limit=1', { signal })
  return items[0]
}

start()

import type { Outcome } from '../../../backbone/records/outcome.ts'
import { byId, setText } from '../../pages/browser/dom.ts'
import { followNotifications } from '../../pages/browser/follow-notifications.ts'
import { failureText, requestJson } from '../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../pages/browser/status.ts'
import { count } from './format.ts'
import { createLiveList } from './notifications/live-list.ts'
import { createFilterForm } from './notifications/notification-filter.ts'
import { texts } from './texts.ts'

const { notifications: text } = texts
const FIRST_ROWS = 100
// A page may have fewer items than asked for: what it may read is limited.
const MOST_PAGES = 5

interface Page {
  items: Outcome[]
  next?: string
  newer?: string
  gap?: object[]
}

function start(): void {
  const filter = createFilterForm()
  const pause = byId('pause', HTMLButtonElement)
  let received = 0
  let reading = new AbortController()
  let unfollow: (() => void) | undefined
  const list = createLiveList(showFigures)

  function showFigures(): void {
    setText(byId('live'), list.isPaused() ? text.paused(count(list.waiting())) : text.live(count(received)))
  }

  async function apply(): Promise<void> {
    reading.abort()
    unfollow?.()
    const { signal } = (reading = new AbortController())
    filter.show()
    const query = filter.query()
    if (query === undefined) return showStatus(text.periodFault, 'bad')
    linkExports(query)
    showStatus(texts.site.loading)
    try {
      const { items, newer, isGap } = await readNewest(query, signal)
      clearStatus()
      showGap(isGap)
      received = 0
      list.reset(items)
      unfollow = follow(query, newer)
    } catch (error) {
      if (!signal.aborted) showStatus(failureText(error), 'bad')
    }
  }

  const follow = (query: URLSearchParams, newer: string | undefined) =>
    followNotifications(query, newer, {
      onOutcome(outcome) {
        received += 1
        list.add(outcome)
      },
      onGap: () => showGap(true),
      onConnection: (isConnected) => (isConnected ? clearStatus() : showStatus(text.interrupted, 'bad')),
    })

  pause.addEventListener('click', () => {
    list.pause(!list.isPaused())
    setText(pause, list.isPaused() ? text.resume : text.pause)
  })
  byId('list').replaceChildren(list.element)
  filter.onChange(() => void apply())
  void apply()
}

function showGap(isGap: boolean): void {
  const notice = byId('gap')
  notice.hidden = !isGap
  setText(notice, isGap ? text.gap : '')
}

/** The newest outcomes, and the position from which a stream continues after them. */
async function readNewest(query: URLSearchParams, signal: AbortSignal) {
  const items: Outcome[] = []
  let newer: string | undefined
  let next: string | undefined
  let isGap = false
  for (let pages = 0; pages < MOST_PAGES && items.length < FIRST_ROWS; pages++) {
    const parameters = new URLSearchParams(query)
    parameters.set('order', 'desc')
    parameters.set('limit', String(FIRST_ROWS - items.length))
    if (next !== undefined) parameters.set('cursor', next)
    const page = await requestJson<Page>(`/notifications?${parameters}`, { signal })
    items.push(...page.items)
    newer ??= page.newer
    isGap ||= page.gap !== undefined
    next = page.next
    if (next === undefined) break
  }
  return { items, newer, isGap }
}

function linkExports(query: URLSearchParams): void {
  for (const format of ['csv', 'ndjson']) {
    const parameters = new URLSearchParams(query)
    parameters.set('format', format)
    byId(`export-${format}`, HTMLAnchorElement).href = `/notifications/export?${parameters}`
  }
}

start()

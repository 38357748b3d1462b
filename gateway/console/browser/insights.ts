import type { SlowPurchases } from '../../../backbone/insights/slow-purchases.ts'
import { byId } from '../../pages/browser/dom.ts'
import { failureText, requestJson } from '../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../pages/browser/status.ts'
import { createPeriodForm } from './insights/period-form.ts'
import { createSlowPurchases } from './insights/slow-purchases.ts'
import { texts } from './texts.ts'

const { insights: text } = texts
const REPEAT_MS = 60_000

function start(): void {
  const form = createPeriodForm()
  const answer = createSlowPurchases()
  const place = byId('insights')
  let reading = new AbortController()
  let repetition: ReturnType<typeof setTimeout> | undefined

  /** Another period was chosen: the answer about the one before is removed. */
  function apply(): void {
    form.show()
    place.replaceChildren()
    reading.abort()
    clearTimeout(repetition)
    const query = form.query()
    if (query === undefined) return showStatus(text.periodFault, 'bad')
    showStatus(texts.site.loading)
    void read(query)
  }

  async function read(query: URLSearchParams): Promise<void> {
    const { signal } = (reading = new AbortController())
    try {
      const found = await requestJson<SlowPurchases>(`/insights/slow?${query.toString()}`, { signal })
      if (signal.aborted) return
      answer.show(found)
      // Once: an element that is inserted again loses the focus.
      if (place.childElementCount === 0) place.replaceChildren(...answer.elements)
      clearStatus()
    } catch (error) {
      if (signal.aborted) return
      const isOlder = place.childElementCount > 0
      showStatus(isOlder ? `${failureText(error)} ${text.older}` : failureText(error), 'bad')
    }
    if (form.endsNow()) repetition = setTimeout(repeat, REPEAT_MS)
  }

  /** A page that nobody sees asks nothing: one question may take a processor seconds. */
  function repeat(): void {
    if (document.hidden) return document.addEventListener('visibilitychange', repeat, { once: true })
    const query = form.query()
    if (query) void read(query)
  }

  form.onChange(apply)
  apply()
}

start()

import type { VerdictCode } from '../../../../backbone/operations/verdict.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { addresses } from '../../addresses.ts'
import { texts } from '../texts.ts'

/** Where a verdict is looked into; undefined where nothing is wrong. */
const views: Record<VerdictCode, 'members' | 'forecast' | undefined> = {
  'buyers-refused': 'members',
  'kafka-unavailable': 'members',
  'below-min-isr': 'members',
  'checkouts-wait': 'members',
  'processors-silent': 'members',
  'member-silent': 'members',
  'partition-unowned': 'members',
  'some-purchases-refused': 'members',
  'lag-grows': 'members',
  'visits-refused': 'members',
  'forecast-beyond-capacity': 'forecast',
  'access-refused': 'members',
  'catching-up': 'members',
  'not-ready': 'members',
  starting: 'members',
  'buyers-get-through': undefined,
}

/** A link to the view that shows more about a verdict, named as in the navigation. */
export function createVerdictLink() {
  const element = el('a', { class: 'verdict-link', hidden: true })

  return {
    element,
    /** Without a code, or with one of a later version, there is no link. */
    show(code?: VerdictCode): void {
      const view = code && views[code]
      element.hidden = view === undefined
      if (view === undefined) return
      element.href = addresses[view]
      setText(element, texts.site.nav[view])
    },
  }
}

import type { ServedOutcome } from '../../../backbone/records/outcome.ts'
import type { Timeline } from '../../../backbone/timeline/timeline.ts'
import { byId, el } from '../../pages/browser/dom.ts'
import { failureText, RequestError, requestJson } from '../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../pages/browser/status.ts'
import { addresses } from '../addresses.ts'
import { checkoutData } from './checkout/checkout-data.ts'
import { deliveryNotes } from './checkout/delivery-notes.ts'
import { timelineItems } from './checkout/timeline-steps.ts'
import { searchAddress } from './checkouts/search-form.ts'
import { copyable } from './elements/copy-button.ts'
import { texts } from './texts.ts'

const { checkout: text } = texts
const WAIT_SECONDS = 25
const UNKNOWN_EVENT = 'urn:problem-type:checkout:unknown-event'
// A waiting answer comes later than that; this one came at once, from a gateway with too many waiting clients.
const PAUSE_MS = 2_000

function start(): void {
  const eventId = decodeURIComponent(location.pathname.split('/').at(-1) ?? '')
  const again = byId('read-again')
  showHead(eventId, undefined)
  again.addEventListener('click', () => void read())

  async function read(): Promise<void> {
    again.hidden = true
    showStatus(text.reading)
    try {
      show(await whenClassified(eventId))
      clearStatus()
    } catch (error) {
      showStatus(failureText(error), 'bad')
    }
    again.hidden = false
  }
  void read()
}

/** Shows what is known until it is classified. */
async function whenClassified(eventId: string): Promise<Timeline> {
  const path = `/checkouts/${encodeURIComponent(eventId)}/timeline`
  for (let wait = 0; ; wait = WAIT_SECONDS) {
    const askedAt = performance.now()
    const timeline = await timelineAt(path, wait)
    if (timeline?.status === 'classified') return timeline
    if (timeline) show(timeline)
    showStatus(timeline ? text.classifying : text.waiting)
    if (wait > 0 && performance.now() - askedAt < PAUSE_MS)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** Undefined if the event is not known (yet). */
async function timelineAt(path: string, wait: number): Promise<Timeline | undefined> {
  try {
    return await requestJson<Timeline>(path, wait > 0 ? { headers: { prefer: `wait=${wait}` } } : {})
  } catch (error) {
    if (error instanceof RequestError && error.problem?.type === UNKNOWN_EVENT) return undefined
    throw error
  }
}

function show(timeline: Timeline): void {
  const { eventId, outcome, steps, searched, incomplete } = timeline
  showHead(eventId, outcome)
  byId('timeline').replaceChildren(...timelineItems(steps))
  const missing = incomplete.map(({ reason, detail }) =>
    el('p', { class: 'warn', title: detail }, text.incomplete[reason]),
  )
  byId('timeline-notes').replaceChildren(
    ...missing,
    ...(searched ? [hint(searchedText(searched))] : []),
    ...deliveryNotes(timeline).map(hint),
  )
  byId('checkout-data').replaceChildren(...(outcome ? checkoutData(outcome) : []))
}

const hint = (note: string) => el('p', { class: 'hint' }, note)

const searchedText = ({ from, to, end }: NonNullable<Timeline['searched']>) =>
  end ? text.searchedToEnd(String(from)) : text.searched(String(from), String(to))

function showHead(eventId: string, outcome: ServedOutcome | undefined): void {
  const customer = outcome?.checkout?.id
  const links = [
    ...(customer === undefined
      ? []
      : [
          el(
            'a',
            { href: `${addresses.checkouts}${searchAddress({ text: customer })}` },
            text.othersOfCustomer,
          ),
        ]),
    ...(outcome?.kind === 'invalid'
      ? [
          el(
            'a',
            { href: `${addresses['dead-letters']}?id=${encodeURIComponent(eventId)}` },
            text.openDeadLetter,
          ),
        ]
      : []),
    el('a', { href: addresses.checkouts }, text.all),
  ]
  byId('checkout-head').replaceChildren(
    el('p', {}, `${text.eventId} `, copyable(eventId, text.eventId)),
    ...(outcome?.owner === undefined ? [] : [el('p', {}, `${texts.site.owner} ${outcome.owner}`)]),
    el('p', { class: 'links' }, ...links),
  )
}

start()

import type { ServedOutcome } from '../../../backbone/records/outcome.ts'
import { byId, el } from '../../pages/browser/dom.ts'
import { failureText, requestJson } from '../../pages/browser/request.ts'
import { showStatus } from '../../pages/browser/status.ts'
import { checkoutAddress } from '../../pages/checkout-address.ts'
import { count, time, UNKNOWN } from './format.ts'
import { ownerField } from './owner-field.ts'
import { parseSearch, type Search } from './parse-search.ts'
import { periodParameters } from './period.ts'
import { createTable } from './table.ts'
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

/** The form, as it is in the address: in the fragment, which browsers never send, because it may name a customer. */
const fields = ['text', 'kind', 'owner', 'since', 'until'] as const
type Form = Record<(typeof fields)[number], string>

const addressOf = (form: Partial<Form>): string => {
  const given = fields.flatMap((field) => (form[field] ? [[field, form[field]]] : []))
  return `#${new URLSearchParams(given).toString()}`
}

/** Starts the view. */
export function start(): void {
  const form = byId('search', HTMLFormElement)
  const older = byId('older', HTMLButtonElement)
  const stop = byId('stop', HTMLButtonElement)
  const inputs = {
    text: byId('search-text', HTMLInputElement),
    kind: byId('kind', HTMLSelectElement),
    owner: ownerField(),
    since: byId('since', HTMLInputElement),
    until: byId('until', HTMLInputElement),
  }
  const results = byId('results')
  const table = createResultsTable()
  let reading = new AbortController()
  let shown: ServedOutcome[] = []
  let next: string | undefined
  let remaining = 0

  const read = (): Form => ({
    text: inputs.text.value.trim(),
    kind: inputs.kind.value,
    owner: inputs.owner?.value.trim() ?? '',
    since: inputs.since.value,
    until: inputs.until.value,
  })

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const address = addressOf(read())
    if (address === (location.hash || '#')) void search()
    else location.hash = address
  })
  form.addEventListener('reset', () => {
    location.hash = ''
  })
  addEventListener('hashchange', () => void search())
  older.addEventListener('click', () => void readPage())
  stop.addEventListener('click', () => {
    reading.abort()
    showStatus(text.stopped(count(remaining)))
    endReading()
  })

  function search(): Promise<void> {
    const given = new URLSearchParams(location.hash.slice(1))
    for (const field of fields) {
      const input = inputs[field]
      if (input) input.value = given.get(field) ?? ''
    }
    shown = []
    next = undefined
    return readPage()
  }

  async function readPage(): Promise<void> {
    reading.abort()
    const { signal } = (reading = new AbortController())
    const asked = parseSearch(read().text)
    const parameters = parametersOf(read(), asked)
    if (parameters === undefined) return showStatus(text.periodFault, 'bad')
    if (inputs.owner?.value.trim() === '' && asked.idempotencyKey !== undefined)
      return showStatus(text.keyNeedsOwner, 'bad')
    if (next !== undefined) parameters.set('cursor', next)
    showStatus(text.searching)
    older.disabled = true
    stop.hidden = next === undefined
    try {
      const page = await findPage(parameters, signal)
      shown = [...shown, ...page.items]
      const summary = shown.length > 0 ? foundText(shown.length, next, asked) : await emptyText(asked, signal)
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
function parametersOf(form: Form, asked: Search): URLSearchParams | undefined {
  const period = periodParameters(form)
  if (period === undefined) return undefined
  const { kind, owner } = form
  return new URLSearchParams({
    limit: PAGE,
    ...asked,
    ...(kind === '' ? {} : { kind }),
    ...(owner === '' ? {} : { owner }),
    ...period,
  })
}

function foundText(found: number, next: string | undefined, asked: Search): string {
  const summary = text.found(found, count(found), askedText(asked))
  return `${summary}${next === undefined ? '' : `; ${text.more}`}.`
}

function askedText({ eventId, folio, customer, idempotencyKey, product }: Search): string {
  const parts: [string | undefined, (value: string) => string][] = [
    [eventId, text.asked.event],
    [folio, text.asked.folio],
    [idempotencyKey, text.asked.key],
    [customer, text.asked.customer],
    [product, text.asked.product],
  ]
  return parts.flatMap(([value, write]) => (value === undefined ? [] : [write(value)])).join(', ')
}

/** What is kept explains why there may be nothing. */
async function emptyText(asked: Search, signal: AbortSignal): Promise<string> {
  const { items } = await requestJson<Page>('/checkouts?order=asc&limit=1', { signal })
  const [oldest] = items
  return oldest === undefined
    ? text.noneKept
    : [
        text.nothingOf(askedText(asked)),
        ...hintsOf(asked),
        text.keptSince(time(Date.parse(oldest.classifiedAt))),
      ].join(' ')
}

const HASH = /^[0-9a-f]{32}/

/** A word may have been meant as something else than it was taken for. */
function hintsOf({ eventId, product }: Search): string[] {
  if (eventId !== undefined && !HASH.test(eventId)) return [text.keyNeedsCustomer]
  return product === undefined ? [] : [text.wholeProduct]
}

const createResultsTable = () =>
  createTable<ServedOutcome>({
    caption: text.results,
    key: ({ eventId }) => eventId,
    empty: text.nothing,
    columns: [
      { header: text.columns.time, isRowHeader: true, cell: linkOf },
      { header: text.columns.kind, cell: ({ kind }) => texts.kinds[kind] },
      { header: text.columns.folio, cell: ({ checkout }) => checkout?.folio ?? UNKNOWN },
      {
        header: text.columns.product,
        isWide: true,
        cell: ({ checkout }) => productOf(checkout?.productovisto),
      },
      { header: text.columns.customer, isWide: true, cell: ({ checkout }) => customerOf(checkout?.id) },
      {
        header: text.columns.source,
        isNumber: true,
        cell: ({ source }) => `${source.partition} / ${count(source.offset)}`,
      },
      ...(ownerField()
        ? [{ header: texts.site.owner, cell: ({ owner }: ServedOutcome) => owner ?? UNKNOWN }]
        : []),
    ],
  })

export const linkOf = ({ eventId, classifiedAt }: ServedOutcome) =>
  el(
    'a',
    { href: checkoutAddress(eventId), title: eventId },
    el('time', { datetime: classifiedAt }, time(Date.parse(classifiedAt))),
    el('span', { class: 'visually-hidden' }, ` ${text.open(eventId)}`),
  )

const customerOf = (customer: string | undefined) =>
  customer === undefined
    ? UNKNOWN
    : el(
        'a',
        { href: addressOf({ text: customer }), class: 'id', 'aria-label': text.findCustomer(customer) },
        customer,
      )

/** A faulty product is stored as it was sent. */
export const productOf = (product: unknown) =>
  product === undefined || product === null || product === ''
    ? UNKNOWN
    : typeof product === 'string'
      ? product
      : JSON.stringify(product)

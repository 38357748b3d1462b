import type { ServedOutcome } from '../../../../backbone/records/outcome.ts'
import { count, time } from '../format.ts'
import { texts } from '../texts.ts'
import type { Search } from './parse-search.ts'

const { checkouts: text } = texts
const HASH = /^[0-9a-f]{32}/

/** `hasMore`: whether older checkouts are not searched yet. */
export function foundText(found: number, hasMore: boolean, asked: Search): string {
  const summary = text.found(found, count(found), askedText(asked))
  return `${summary}${hasMore ? `; ${text.more}` : ''}.`
}

/** `oldest`: what is kept explains why there may be nothing. */
export const nothingText = (asked: Search, oldest: ServedOutcome | undefined): string =>
  oldest === undefined
    ? text.noneKept
    : [
        text.nothingOf(askedText(asked)),
        ...hintsOf(asked),
        text.keptSince(time(Date.parse(oldest.classifiedAt))),
      ].join(' ')

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

/** A word may have been meant as something else than it was taken for. */
function hintsOf({ eventId, product }: Search): string[] {
  if (eventId !== undefined && !HASH.test(eventId)) return [text.keyNeedsCustomer]
  return product === undefined ? [] : [text.wholeProduct]
}

import type { ServedOutcome } from '../../../../backbone/records/outcome.ts'
import { el } from '../../../pages/browser/dom.ts'
import { checkoutAddress } from '../../../pages/checkout-address.ts'
import { timeElement } from '../elements/time-element.ts'
import { UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'

/** When it was classified, with a link to its checkout. */
export const linkOf = ({ eventId, classifiedAt }: ServedOutcome): HTMLElement =>
  el(
    'a',
    { href: checkoutAddress(eventId), title: eventId },
    timeElement(classifiedAt),
    el('span', { class: 'visually-hidden' }, ` ${texts.checkouts.open(eventId)}`),
  )

export const folioOf = ({ checkout }: ServedOutcome): string => checkout?.folio ?? UNKNOWN

/** A faulty product is stored as it was sent. */
export function productOf({ checkout }: ServedOutcome): string {
  const product: unknown = checkout?.productovisto
  if (product === undefined || product === null || product === '') return UNKNOWN
  return typeof product === 'string' ? product : JSON.stringify(product)
}

interface CustomerLink {
  address: (customer: string) => string
  /** What the link does. */
  label: (customer: string) => string
}

/** The customer, with a link to all that the view has of the same one. */
export function customerOf({ checkout }: ServedOutcome, { address, label }: CustomerLink): string | Node {
  const customer = checkout?.id
  return customer === undefined
    ? UNKNOWN
    : el('a', { href: address(customer), class: 'id', 'aria-label': label(customer) }, customer)
}

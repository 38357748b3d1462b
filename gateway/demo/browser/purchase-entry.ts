import { el, setText } from '../../pages/browser/dom.ts'
import { checkoutAddress } from '../../pages/checkout-address.ts'
import { texts } from './texts.ts'

/** One line of the list of purchases; the newest is the first. */
export function addEntry(list: HTMLElement, label: string, product: string) {
  const state = el('p', { class: 'state' }, texts.sending)
  const figures = el('p', { class: 'muted' })
  const links = el('p')
  const item = el('li', {}, el('h3', {}, label), el('p', { class: 'muted' }, product), state, figures, links)
  list.prepend(item)
  const stored = new Set<string>()
  let requests = 0

  function count(): void {
    setText(figures, texts.requests(requests, stored.size))
  }

  return {
    show: (text: string, level = 'note') => {
      state.dataset['level'] = level
      setText(state, text)
    },
    addRequest(): void {
      requests += 1
      count()
    },
    addStored(ids: readonly string[]): void {
      for (const id of ids) stored.add(id)
      links.replaceChildren(
        ...[...stored].map((id) => el('a', { href: checkoutAddress(id) }, texts.openCheckout)),
      )
      count()
    },
  }
}

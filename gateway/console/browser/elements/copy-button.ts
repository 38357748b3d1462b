import { el } from '../../../pages/browser/dom.ts'
import { texts } from '../texts.ts'

const SHOWN_MS = 2_000

/** Copies a value; `name` is what it is, for screen readers. */
export function copyButton(value: string, name: string): HTMLButtonElement {
  const { copy, copied, copyOf } = texts.checkout
  const button = el('button', { type: 'button', class: 'copy', 'aria-label': copyOf(name) }, copy)
  async function copyValue() {
    await navigator.clipboard.writeText(value)
    button.textContent = copied
    setTimeout(() => {
      button.textContent = copy
    }, SHOWN_MS)
  }
  button.addEventListener('click', () => void copyValue())
  return button
}

/** An id that can be copied. */
export const copyable = (value: string, name: string): HTMLElement =>
  el('span', { class: 'copyable' }, el('code', {}, value), ' ', copyButton(value, name))

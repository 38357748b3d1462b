import { el, setText } from '../../../pages/browser/dom.ts'
import { UNKNOWN } from '../format.ts'

/** Names with their values, which change in place. */
export function createFigureList<Key extends string>(labels: Record<Key, string>) {
  const element = el('dl', { class: 'figures-list' })
  const values = {} as Record<Key, HTMLElement>
  for (const [key, label] of Object.entries(labels) as [Key, string][]) {
    values[key] = el('dd', { class: 'number' }, UNKNOWN)
    element.append(el('div', {}, el('dt', {}, label), values[key]))
  }

  function show(figures: Record<Key, string>): void {
    for (const key of Object.keys(labels) as Key[]) setText(values[key], figures[key])
  }

  return { element, show }
}

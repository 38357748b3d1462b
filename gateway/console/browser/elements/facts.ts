import { el } from '../../../pages/browser/dom.ts'

/** Names with their values. */
export const factList = (facts: [name: string, value: Node | string][]): Node =>
  el('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))

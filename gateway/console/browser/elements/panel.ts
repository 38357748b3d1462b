import { el } from '../../../pages/browser/dom.ts'

/** A part of a view, with its heading. */
export const panel = (heading: string, ...children: Node[]): HTMLElement =>
  el('section', { class: 'panel', 'aria-label': heading }, el('h2', {}, heading), ...children)

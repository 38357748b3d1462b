import type { Outcome } from '../../../../backbone/records/outcome.ts'
import { el } from '../../../pages/browser/dom.ts'
import { texts } from '../texts.ts'
import { createStageList, stagesOf } from './checkout-stages.ts'

const { checkout: text } = texts

/** The message and the fields of a checkout, as this viewer may see them. */
export const checkoutData = (outcome: Outcome): HTMLElement[] => [
  panel(text.message, messageOf(outcome)),
  ...pathOf(outcome),
  panel(text.data, ...dataOf(outcome)),
]

const panel = (title: string, ...content: HTMLElement[]) =>
  el('section', { class: 'panel' }, el('h2', {}, title), ...content)

const messageOf = ({ message }: Outcome) =>
  message === null
    ? el('p', { class: 'muted' }, text.noMessage)
    : el('blockquote', { class: 'message', lang: 'es' }, message)

function pathOf({ checkout }: Outcome): HTMLElement[] {
  const stages = stagesOf(checkout?.recorrido)
  return stages === undefined ? [] : [el('section', { class: 'panel' }, createStageList(stages))]
}

function dataOf({ checkout, faults = [] }: Outcome): HTMLElement[] {
  if (checkout === null) return [el('p', { class: 'muted' }, text.noData)]
  const fields = el('dl', { class: 'fields' })
  const { recorrido, ...others } = checkout
  addFields(fields, stagesOf(recorrido) ? others : checkout)
  if (faults.length === 0) return [fields]
  const list = faults.map(({ pointer, code, detail }) =>
    el('li', {}, el('code', {}, pointer), ` ${texts.problems.fault(code, detail)}`),
  )
  return [fields, el('h3', {}, text.faults), el('ul', {}, ...list)]
}

function addFields(list: HTMLDListElement, fields: object, parent = ''): void {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      addFields(list, value as object, `${parent}${name}.`)
      continue
    }
    const shown = typeof value === 'string' ? value : JSON.stringify(value)
    list.append(el('div', {}, el('dt', {}, `${parent}${name}`), el('dd', {}, shown)))
  }
}

import type { Fault } from '../../../../backbone/records/fault.ts'
import { el } from '../../../pages/browser/dom.ts'
import { texts } from '../texts.ts'
import { jsonLines } from './json-lines.ts'

const { detail, list } = texts.deadLetters

/** The faults of the JSON in a text field, each with a button that selects its field in the text. */
export function createJsonFaults(text: HTMLTextAreaElement, id: string) {
  const element = el('ul', { id, class: 'faults' })

  function show(faults: readonly Fault[]): void {
    element.replaceChildren(...faults.map((fault) => el('li', {}, faultLine(fault, text))))
    text.setAttribute('aria-invalid', String(faults.length > 0))
  }

  return { element, show }
}

function faultLine({ pointer, code, detail: what }: Fault, text: HTMLTextAreaElement): Node {
  const place = pointer === '' ? list.whole : pointer
  const go = el('button', { type: 'button', class: 'pointer', 'aria-label': detail.goTo(place) }, place)
  go.addEventListener('click', () => select(text, pointer))
  return el('span', {}, go, ` ${texts.problems.fault(code, what)}`)
}

function select(text: HTMLTextAreaElement, pointer: string): void {
  text.focus()
  try {
    const lines = jsonLines(JSON.parse(text.value))
    const index = lines.findIndex((line) => line.pointer === pointer)
    const before = lines.slice(0, index).reduce((sum, line) => sum + line.text.length + 1, 0)
    // Only in the indented form: otherwise the places of the lines are others.
    if (index >= 0 && lines.map((line) => line.text).join('\n') === text.value)
      text.setSelectionRange(before, before + (lines[index]?.text.length ?? 0))
  } catch {
    text.setSelectionRange(0, 0)
  }
}

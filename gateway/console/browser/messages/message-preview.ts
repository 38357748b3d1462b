import type { MessagesInForce, Preview } from '../../../../backbone/messages/messages-in-force.ts'
import { el } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { failureText, faultsOf, sendJson } from '../../../pages/browser/request.ts'
import { factList } from '../elements/facts.ts'
import { panel } from '../elements/panel.ts'
import { createJsonFaults } from '../json/json-faults.ts'
import { texts } from '../texts.ts'
import { languageName } from './language-name.ts'

const { preview: words } = texts.messages

const SAMPLE = {
  id: '062292fd7b7e3e688f29418e',
  nombre: 'Scarlett',
  apellido: 'Morris',
  edad: 44,
  email: 'scarlett.morris@example.com',
  telefono: '+70 976-874-0232',
  ubicacion: { direccion: '123 Abbey Road', ciudad: 'Lakewood', pais: 'Inverness' },
  productovisto: 'Colchón de espuma viscoelástica',
  taps: 41,
  folio: 'SRZ-5509',
  recorrido: [
    { etapa: 'catalogo', segundos: 1080 },
    { etapa: 'direccion', segundos: 240 },
    { etapa: 'pago', segundos: 1140, error: '51' },
  ],
}
const SAMPLE_TEXT = JSON.stringify(SAMPLE, null, 2)

/** A form for a checkout, and below it the message that it would get. */
export function createPreviewPanel(inForce: MessagesInForce): Node {
  const { text, kind, language } = createFields(inForce)
  const show = el('button', { type: 'submit' }, words.show)
  const reset = el('button', { type: 'button' }, words.sample)
  const message = el('p', { role: 'alert', class: 'bad' })
  const faults = createJsonFaults(text, 'sample-faults')
  const result = el('div', { id: 'preview-result', role: 'status' })
  const choices = [labelled(words.kind, kind), labelled(words.language, language)]
  const form = el(
    'form',
    { class: 'preview-form' },
    el('label', { for: text.id }, words.checkout),
    message,
    faults.element,
    text,
    el('div', { class: 'choices' }, ...choices),
    el('p', {}, show, ' ', reset),
  )

  function clear(): void {
    message.textContent = ''
    faults.show([])
    result.replaceChildren()
  }
  reset.addEventListener('click', () => {
    text.value = SAMPLE_TEXT
    clear()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void showPreview()
  })

  async function showPreview(): Promise<void> {
    clear()
    show.disabled = true
    try {
      const preview = await requestPreview(text.value, { kind: kind.value, language: language.value })
      result.replaceChildren(...resultOf(preview))
    } catch (error) {
      const found = faultsOf(error)
      message.textContent = found ? words.refused : messageOf(error)
      if (found) faults.show(found)
      text.focus()
    } finally {
      show.disabled = false
    }
  }

  return panel(words.heading, el('p', { class: 'hint' }, words.hint), form, result)
}

function createFields({ kinds, languages }: MessagesInForce) {
  const text = el('textarea', {
    id: 'sample',
    class: 'json',
    rows: SAMPLE_TEXT.split('\n').length + 1,
    spellcheck: 'false',
    autocapitalize: 'off',
    'aria-describedby': 'sample-faults',
  })
  text.value = SAMPLE_TEXT
  const ofKinds = kinds.map(({ kind }): Choice => [kind, kindName(texts.kinds, kind)])
  const ofLanguages = languages.map((language): Choice => [language, languageName(language)])
  return {
    text,
    kind: selectOf('preview-kind', [['', words.ofCheckout], ...ofKinds]),
    language: selectOf('preview-language', [['', words.ofCountry], ...ofLanguages]),
  }
}

/** Choices that are empty are left out. */
function requestPreview(json: string, choices: Record<string, string>): Promise<Preview> {
  const checkout = JSON.parse(json) as unknown
  const made = Object.entries(choices).filter(([, value]) => value !== '')
  return sendJson<Preview>('/messages/preview', { checkout, ...Object.fromEntries(made) })
}

const messageOf = (error: unknown): string =>
  error instanceof SyntaxError ? words.notJson : failureText(error)

type Choice = [value: string, name: string]

const selectOf = (id: string, choices: Choice[]) =>
  el('select', { id }, ...choices.map(([value, name]) => el('option', { value }, name)))

const labelled = (label: string, field: HTMLElement): Node =>
  el('div', {}, el('label', { for: field.id }, label), field)

function resultOf(preview: Preview): Node[] {
  const ofKind: [string, string] = [words.kind, kindName(texts.kinds, preview.kind)]
  if (preview.message === null) return [factList([ofKind]), el('p', {}, words.noMessage)]
  const { message, language, template, unknown } = preview
  return [
    factList([
      ofKind,
      [words.language, languageName(language)],
      [words.template, template],
      [words.unknown, unknown.length === 0 ? words.none : words.unknownHint(namesOf(unknown))],
    ]),
    el('h3', {}, words.message),
    el('p', { class: 'exact', lang: language }, message),
  ]
}

const namesOf = (placeholders: readonly string[]): string =>
  placeholders.map((name) => `{${name}}`).join(', ')

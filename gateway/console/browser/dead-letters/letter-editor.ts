import type { DeadLetterDetails } from '../../../../backbone/records/dead-letter.ts'
import type { OutcomeKind } from '../../../../backbone/records/outcome.ts'
import { el } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { failureText, faultsOf, request } from '../../../pages/browser/request.ts'
import { createJsonFaults } from '../json/json-faults.ts'
import { texts } from '../texts.ts'

const { edit: words } = texts.deadLetters

// As a checkout begins, where the dead letter has no JSON.
const TEMPLATE = {
  id: '',
  nombre: '',
  apellido: '',
  edad: null,
  email: '',
  telefono: '',
  ubicacion: { direccion: '', ciudad: '', pais: '' },
  productovisto: '',
  taps: null,
  folio: null,
}

interface Answer {
  eventId: string
  status: 'accepted' | 'classified'
  corrections?: { pointer: string }[]
  redriven?: { kind: OutcomeKind }
}

/** The payload to edit and to send again, with the faults at their fields. */
export function createLetterEditor(letter: DeadLetterDetails, onSent: (text: string) => void): Node {
  const original = textOf(letter)
  const text = el('textarea', {
    id: 'payload',
    rows: Math.min(24, original.split('\n').length + 1),
    spellcheck: 'false',
    autocapitalize: 'off',
    'aria-describedby': 'payload-hint payload-faults',
  })
  text.value = original
  const lenient = el('input', { type: 'checkbox', id: 'lenient' })
  const send = el('button', { type: 'submit' }, words.send)
  const reset = el('button', { type: 'button' }, words.reset)
  const message = el('p', { role: 'alert', class: 'bad' })
  const faults = createJsonFaults(text, 'payload-faults')
  const form = el(
    'form',
    { class: 'letter-editor' },
    el('label', { for: 'payload' }, words.label),
    el('p', { id: 'payload-hint', class: 'hint' }, words.hint),
    message,
    faults.element,
    text,
    el('label', { class: 'check' }, lenient, ` ${words.lenient}`),
    el('p', {}, send, ' ', reset),
  )

  faults.show(letter.faults)

  reset.addEventListener('click', () => {
    text.value = original
    message.textContent = ''
    faults.show(letter.faults)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void sendAgain()
  })

  async function sendAgain(): Promise<void> {
    message.textContent = ''
    const body = bodyOf(text.value, original)
    if (body === undefined) {
      message.textContent = words.notJson
      text.focus()
      return
    }
    send.disabled = true
    send.textContent = words.sending
    try {
      onSent(await redrive(letter.id, body, lenient.checked))
    } catch (error) {
      const found = faultsOf(error)
      message.textContent = found ? words.refused : failureText(error)
      if (found) faults.show(found)
      text.focus()
    } finally {
      send.disabled = false
      send.textContent = words.send
    }
  }

  return form
}

/** Undefined: not JSON. */
function bodyOf(edited: string, original: string): object | undefined {
  if (edited === original && original !== '') return {}
  try {
    return { checkout: JSON.parse(edited) as unknown }
  } catch {
    return undefined
  }
}

async function redrive(id: string, body: object, isLenient: boolean): Promise<string> {
  const response = await request(`/dead-letters/${id}/redrive`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      prefer: isLenient ? 'wait=10, handling=lenient' : 'wait=10',
    },
    body: JSON.stringify(body),
  })
  const { eventId, redriven, corrections = [] } = (await response.json()) as Answer
  const isReplay = response.headers.get('idempotent-replayed') === 'true'
  const became = redriven
    ? (isReplay ? words.replayed : words.classified)(kindName(texts.kinds, redriven.kind))
    : words.accepted(eventId)
  const corrected = corrections.map(({ pointer }) => pointer).join(', ')
  return corrected === '' ? became : `${became} ${words.corrected(corrected)}`
}

/** Pretty where it is JSON; without the byte order mark, which nobody sees. */
function textOf({ payload }: DeadLetterDetails): string {
  if (!payload || 'base64' in payload) return JSON.stringify(TEMPLATE, null, 2)
  const text = payload.text.replace(/^\uFEFF/, '')
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

import type { Bytes, DeadLetterDetails } from '../../../../backbone/records/dead-letter.ts'
import { byId, el } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { failureText, requestJson } from '../../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../../pages/browser/status.ts'
import { checkoutAddress } from '../../../pages/checkout-address.ts'
import { factList } from '../elements/facts.ts'
import { timeElement } from '../elements/time-element.ts'
import { count, time } from '../format.ts'
import { jsonLines } from '../json/json-lines.ts'
import { texts } from '../texts.ts'
import { createLetterEditor } from './letter-editor.ts'
import { placeOf } from './letter-list.ts'

const { detail: words, reasons } = texts.deadLetters

interface Opening {
  note?: string
  takesFocus?: boolean
}

/** One dead letter with its payload. */
export function createLetterDetail({
  onSent,
  onClose,
}: {
  onSent: () => void
  /** With the id if the viewer closed it. */
  onClose: (id?: string) => void
}) {
  const panel = byId('detail')

  /** `note` is shown as the status. Only what the viewer has opened takes the focus. */
  async function open(id: string, { note, takesFocus = true }: Opening = {}): Promise<void> {
    try {
      const letter = await requestJson<DeadLetterDetails>(`/dead-letters/${id}`)
      show(letter, takesFocus)
      if (note === undefined) clearStatus()
      else showStatus(note)
    } catch (error) {
      close()
      showStatus(failureText(error), 'bad')
    }
  }

  function close(id?: string) {
    panel.hidden = true
    panel.replaceChildren()
    onClose(id)
  }

  function show(letter: DeadLetterDetails, takesFocus: boolean) {
    const heading = el('h2', { tabindex: -1 }, words.title)
    const closing = el('button', { type: 'button' }, words.close)
    closing.addEventListener('click', () => close(letter.id))
    const afterSending = async (note: string) => {
      onSent()
      await open(letter.id, { note })
    }
    panel.replaceChildren(
      el('div', { class: 'letter-head' }, heading, closing),
      factsOf(letter),
      ...(letter.withheld ? [el('p', { class: 'notice' }, words.withheld)] : payloadOf(letter)),
      ...(letter.withheld || letter.redriven
        ? []
        : [createLetterEditor(letter, (note) => void afterSending(note))]),
    )
    panel.hidden = false
    if (takesFocus) heading.focus()
  }

  return { open, close: () => close() }
}

function factsOf(letter: DeadLetterDetails): Node {
  const { id, source, place, receivedAt, at, owner, size, redrive, redriven, key } = letter
  const facts: [string, Node | string][] = [
    [words.reason, reasonText(letter)],
    [words.source, source ? link(id, placeOf(letter)) : '–'],
    [words.place, `${place.partition}/${place.offset}`],
    [words.received, timeElement(receivedAt)],
    [words.at, timeElement(at)],
    [words.owner, owner],
    [words.size, words.bytes(count(size))],
    ...(key ? [[words.key, textOf(key)] as [string, string]] : []),
    ...(redrive
      ? [[words.redriveOf, words.sentBy(redrive.by, time(Date.parse(redrive.at)))] as [string, string]]
      : []),
    ...(redriven
      ? [
          [
            words.redriven,
            link(
              redriven.eventId,
              words.became(kindName(texts.kinds, redriven.kind), redriven.by, time(Date.parse(redriven.at))),
            ),
          ] as [string, Node],
        ]
      : []),
  ]
  return factList(facts)
}

/** The name of the reason is in the detail, too, in English. */
function reasonText({ reason, detail = '' }: DeadLetterDetails): string {
  const rest = reason === 'other' ? detail : detail.replace(/^[^:]*:?\s*/, '')
  return rest === '' ? reasons[reason] : `${reasons[reason]}: ${rest}`
}

const link = (eventId: string, text: string): Node => el('a', { href: checkoutAddress(eventId) }, text)
const textOf = (bytes: Bytes): string => ('text' in bytes ? bytes.text : bytes.base64)

/** As it is, with the faults at their lines where it is JSON. */
function payloadOf({ payload, faults }: DeadLetterDetails): Node[] {
  const heading = el('h3', {}, words.payload)
  if (!payload) return [heading, el('p', {}, words.noValue)]
  if ('base64' in payload)
    return [heading, el('p', {}, words.noText), el('pre', { class: 'payload', tabindex: 0 }, payload.base64)]
  const byPointer = new Map(
    faults.map(({ pointer, code, detail: what }) => [pointer, texts.problems.fault(code, what)]),
  )
  return [
    heading,
    el(
      'pre',
      { class: 'payload', tabindex: 0, role: 'region', 'aria-label': words.payload },
      ...linesOf(payload.text).flatMap(({ text, pointer }) => {
        const fault = byPointer.get(pointer)
        return fault === undefined
          ? [`${text}\n`]
          : [el('mark', {}, text), el('span', { class: 'bad' }, `  ← ${fault}`), '\n']
      }),
    ),
  ]
}

function linesOf(text: string) {
  try {
    return jsonLines(JSON.parse(text))
  } catch {
    return [{ text, pointer: '?' }]
  }
}

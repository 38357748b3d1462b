import { isDelivery, type StepPlace, type TimelineStep } from '../../../../backbone/timeline/timeline.ts'
import { el } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { language } from '../../../pages/browser/language.ts'
import { checkoutAddress } from '../../../pages/checkout-address.ts'
import { copyable } from '../elements/copy-button.ts'
import { elapsed } from '../format.ts'
import { texts } from '../texts.ts'

const { checkout: text } = texts
const clock = new Intl.DateTimeFormat(language, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(language, { dateStyle: 'long' })

/** The steps as items of a list, with the day where it changes, and the time since the step before. */
export function timelineItems(steps: readonly TimelineStep[]): HTMLElement[] {
  let before: number | undefined
  let shownDay = ''
  return steps.map((step) => {
    const at = step.at === null ? undefined : Date.parse(step.at)
    const date = at === undefined ? shownDay : day.format(at)
    const item = el(
      'li',
      { class: isFault(step) ? 'fault-step' : undefined },
      ...(date === shownDay ? [] : [el('p', { class: 'day muted' }, date)]),
      el('div', { class: 'when' }, ...whenOf(at, before)),
      el('div', { class: 'what' }, el('p', { class: 'step' }, ...titleOf(step)), ...detailsOf(step)),
    )
    shownDay = date
    before = at ?? before
    return item
  })
}

const isFault = ({ what }: TimelineStep) => what === 'conflict' || what === 'dead-letter'

function whenOf(at: number | undefined, before: number | undefined): (Node | string)[] {
  if (at === undefined) return [el('span', { class: 'muted' }, text.timeUnknown)]
  // The gateway did both at once.
  if (at === before) return []
  const time = el('time', { datetime: new Date(at).toISOString() }, clock.format(at))
  if (before === undefined) return [time]
  const difference = at > before ? `+${elapsed(at - before)}` : text.clocks
  return [time, ' ', el('span', { class: 'difference muted' }, difference)]
}

function titleOf(step: TimelineStep): (Node | string)[] {
  if (step.what === 'stored' && step.directly) return [text.directly]
  if (isDelivery(step)) return [text.deliveries[step.what][step.to]]
  const title = text.steps[step.what]
  if (step.what !== 'classified') return [title]
  return [`${title}: ${kindName(texts.kinds, step.kind)}`]
}

function detailsOf(step: TimelineStep): HTMLElement[] {
  const place = step.what === 'corrected' || step.what === 'warned' ? '' : placeOf(step.where)
  const details: (Node | string)[][] = place === '' ? [] : [[place]]
  switch (step.what) {
    case 'received':
    case 'repeated':
      details.push(...requestOf(step.requestId))
      break
    case 'redriven':
      details.push([`${text.by} ${step.by}`], ...requestOf(step.requestId))
      details.push([checkoutLink(step.of, text.deadLetterOf)])
      break
    case 'sent-again':
      details.push([`${text.by} ${step.by}`], [checkoutLink(step.eventId, text.became)])
      break
    case 'corrected':
      for (const { pointer, correction } of step.corrections)
        details.push([el('code', {}, pointer), ` ${correction}`])
      break
    case 'warned':
      for (const { pointer, code, didYouMean } of step.warnings)
        details.push([
          el('code', {}, pointer),
          ` ${didYouMean === undefined ? text.warnings[code] : text.didYouMean(didYouMean)}`,
        ])
      break
    case 'conflict':
      details.push(...requestOf(step.requestId), [checkoutLink(step.eventId, text.conflictOutcome)])
      break
    case 'dead-letter':
      details.push([`${text.reason}: ${step.reason}`])
      if (step.conflictsWith !== undefined)
        details.push([checkoutLink(step.conflictsWith, text.conflictsWith)])
      break
    case 'streamed':
    case 'read':
      if (step.to !== 'customer') details.push([text.recipients[step.to]])
      break
    case 'claimed':
    case 'classified':
    case 'stored':
      break
  }
  return details.map((detail) => el('p', { class: 'detail' }, ...detail))
}

const requestOf = (requestId: string | undefined) =>
  requestId === undefined ? [] : [[`${text.request} `, copyable(requestId, text.request)]]

/** `gateway-1`, `processor-2 · Notifications, partition 3, offset 1204`: digits that Kafka's tools take. */
function placeOf({ process, topic, partition, offset }: StepPlace): string {
  const position = [
    topic,
    ...(partition === undefined ? [] : [`${text.partition} ${partition}`]),
    ...(offset === undefined ? [] : [`${text.offset} ${offset}`]),
  ]
  return [process, position.filter(Boolean).join(', ')].filter(Boolean).join(' · ')
}

export const checkoutLink = (eventId: string, label: string): HTMLAnchorElement =>
  el('a', { href: checkoutAddress(eventId) }, label)

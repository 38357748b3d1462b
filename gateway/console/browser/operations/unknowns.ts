import {
  isInactive,
  type MemberState,
  type SystemState,
} from '../../../../backbone/operations/system-state.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { language } from '../../../pages/browser/language.ts'
import { duration } from '../format.ts'
import { texts } from '../texts.ts'

const KAFKA_OLD_MS = 15_000

/** What the figures do not contain, so that nobody takes a part for the whole. */
export function unknownsOf(state: SystemState): string[] {
  const { live } = texts.overview
  const { from, partial, verdicts, members } = state
  const isCut = verdicts.some(({ code }) => code === 'kafka-unavailable')
  return [
    ...(partial ? [live.partial(from)] : []),
    ...(isCut
      ? [live.onlyOwn(namesOf(members.filter((member) => !isInactive(member))))]
      : [...silentMembers(state), ...ofBrokers(state)]),
  ]
}

const namesOf = (members: readonly MemberState[]): string =>
  new Intl.ListFormat(language).format(members.map(({ member }) => member))

const silentMembers = ({ at, members }: SystemState): string[] =>
  members
    .filter(({ status }) => status === 'silent')
    .map(({ member, lastAt }) => texts.overview.live.silent(member, duration((at - lastAt) / 1_000)))

function ofBrokers({ at, kafka }: SystemState): string[] {
  const { live } = texts.overview
  if (kafka === null) return [live.kafkaUnknown]
  return at - kafka.at > KAFKA_OLD_MS ? [live.kafkaOld(duration((at - kafka.at) / 1_000))] : []
}

/** While no figures arrive. */
export const unknownsOfSilence = (seconds: number, hasFigures: boolean): string[] => [
  hasFigures ? texts.overview.live.stale(duration(seconds)) : texts.overview.live.waiting,
]

export function createUnknowns() {
  const element = el('ul', { class: 'unknowns' })

  function show(unknowns: readonly string[]): void {
    while (element.children.length > unknowns.length) element.lastElementChild?.remove()
    while (element.children.length < unknowns.length) element.append(el('li', { class: 'figure' }))
    for (const [index, text] of unknowns.entries()) {
      const item = element.children[index]
      if (item) setText(item, text)
    }
    element.hidden = unknowns.length === 0
  }

  show([])
  return { element, show }
}

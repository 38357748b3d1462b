import type { EventDetails, MemberEventCode } from '../../../../backbone/figures/member-event.ts'
import type { VerdictCode, VerdictDetails } from '../../../../backbone/operations/verdict.ts'
import type { VerdictTexts, Words } from '../../text/en/verdicts.ts'
import { count, duration, rate } from '../format.ts'
import { texts } from '../texts.ts'

const writers: Record<string, (value: number) => string> = {
  seconds: duration,
  clearedIn: duration,
  perSecond: rate,
  capacity: rate,
  percent: rate,
}

interface Coded<Details, Code extends keyof Details> {
  code: Code
  details: Details[Code]
}

/** The values of a verdict or an event, written for a sentence. */
const wordsOf = <Details extends object>(details: Details): Words<Details> =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]: [string, string | number]) => [
      name,
      typeof value === 'number' ? (writers[name] ?? count)(value) : value,
    ]),
  ) as Words<Details>

/** A later version may have other codes: they are shown as they are. */
export function eventSentence<Code extends MemberEventCode>({ code, details }: Coded<EventDetails, Code>) {
  const sentence: ((words: Words<EventDetails[Code]>) => string) | undefined =
    texts.members.events.sentences[code]
  return sentence?.(wordsOf(details)) ?? code
}

export function verdictTexts<Code extends VerdictCode>({ code, details }: Coded<VerdictDetails, Code>) {
  const known: VerdictTexts<VerdictDetails[Code]> | undefined = texts.verdicts[code]
  const words = wordsOf(details)
  return {
    sentence: known?.sentence(words) ?? code,
    facts: known?.facts?.(words) ?? '',
    advice: known?.advice(words) ?? '',
  }
}

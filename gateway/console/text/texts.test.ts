import { describe, expect, test } from 'vitest'
import {
  type EventDetails,
  type MemberEventCode,
  memberEventCodes,
} from '../../../backbone/figures/member-event.ts'
import { type VerdictCode, type VerdictDetails, verdictCodes } from '../../../backbone/operations/verdict.ts'
import { type Language, languages } from '../../pages/text/texts.ts'
import type { VerdictTexts, Words } from './en/verdicts.ts'
import { consoleTextsOf } from './texts.ts'

const lag = { member: 'processor-2', partitions: '2, 3', records: '1,204', seconds: '9 s' }
const refused = { perSecond: '120', percent: '61', status: '503' }
const unready = { member: 'processor-2', check: 'kafka', detail: 'connection refused' }
const silent = { member: 'processor-2', role: 'processor', seconds: '9 s', partitions: '2, 3' }

/** What a processor knows of each verdict, written for a sentence. */
const verdictWords: { [Code in VerdictCode]: Words<VerdictDetails[Code]>[] } = {
  'buyers-refused': [{ perSecond: '120', status: '503' }, { gateways: '2' }],
  'kafka-unavailable': [{ seconds: '9 s' }],
  'below-min-isr': [{ partitions: '4', topic: 'DataTopic', broker: '3' }],
  'checkouts-wait': [{ records: '1,204', seconds: '9 s' }],
  'processors-silent': [{ processors: '3' }],
  'member-silent': [silent, { ...silent, role: 'gateway', partitions: '' }],
  'partition-unowned': [{ partitions: '2, 3', records: '1,204' }],
  'some-purchases-refused': [refused, { ...refused, status: '429' }],
  'lag-grows': [lag, { ...lag, member: '' }],
  'visits-refused': [refused],
  'forecast-beyond-capacity': [{ seconds: '9 min', perSecond: '950', capacity: '800' }],
  'access-refused': [{ member: 'gateway-1', detail: 'Kafka refused Write on topic DataTopic' }],
  'catching-up': [lag, { ...lag, clearedIn: '3 min' }],
  'not-ready': [unready],
  starting: [unready, { ...unready, check: '', detail: '' }, { processors: '3' }],
  'buyers-get-through': [{}],
}

const eventWords: { [Code in MemberEventCode]: Words<EventDetails[Code]> } = {
  started: {},
  stopping: {},
  paused: { seconds: '9 s' },
  'partition-claimed': { partitions: '2, 3' },
  'partition-released': { partitions: '2, 3' },
  'processor-silent': { processor: 'http://127.0.0.1:8091' },
  'processor-back': { processor: 'http://127.0.0.1:8091' },
  'kafka-unavailable': { detail: 'connection refused' },
  'kafka-back': {},
  'access-refused': { detail: 'Kafka refused Write on topic DataTopic' },
  'overload-began': { refused: '120', limit: '88' },
  'overload-ended': {},
  redriven: { deadLetter: '1-17', eventId: 'a1b2', by: 'ops' },
  'member-silent': { role: 'processor' },
  'member-back': { role: 'processor', seconds: '9 s' },
}

/** The sentence, the advice and the facts. */
function writeVerdict<Code extends VerdictCode>(
  language: Language,
  code: Code,
  words: Words<VerdictDetails[Code]>,
) {
  const { sentence, facts, advice }: VerdictTexts<VerdictDetails[Code]> =
    consoleTextsOf(language).verdicts[code]
  return [sentence(words), advice(words), facts?.(words) ?? '']
}

const writeAll = (language: Language, code: VerdictCode): string[][] =>
  verdictWords[code].map((words) => writeVerdict(language, code, words))

function writeEvent<Code extends MemberEventCode>(
  language: Language,
  code: Code,
  words: Words<EventDetails[Code]>,
) {
  const write: (words: Words<EventDetails[Code]>) => string =
    consoleTextsOf(language).members.events.sentences[code]
  return write(words)
}

describe.each(languages)('in %s', (language) => {
  test.each(verdictCodes)('the verdict %s has a sentence and an advice', (code) => {
    for (const [sentence, advice, facts] of writeAll(language, code)) {
      for (const text of [sentence, advice]) expect(text).toMatch(/^[\p{L}\d]/u)
      for (const text of [sentence, advice, facts]) expect(text).not.toMatch(/undefined|null|NaN/)
      // Screen readers read it aloud whenever it changes.
      expect(sentence).not.toMatch(/9 s|1,204|120/)
    }
  })

  test.each(memberEventCodes)('the event %s has a sentence', (code) => {
    const text = writeEvent(language, code, eventWords[code])
    expect(text).toMatch(/^[\p{L}\d]/u)
    expect(text).not.toMatch(/undefined/)
  })
})

test('the languages have different sentences', () => {
  const [english, spanish] = languages.map((language) =>
    verdictCodes.map((code) => writeAll(language, code)[0]?.[0]),
  )
  expect(english?.filter((sentence, index) => sentence === spanish?.[index])).toEqual([])
})

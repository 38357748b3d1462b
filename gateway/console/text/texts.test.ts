import { describe, expect, test } from 'vitest'
import {
  type EventDetails,
  type MemberEventCode,
  memberEventCodes,
} from '../../../backbone/figures/member-event.ts'
import { type VerdictCode, type VerdictDetails, verdictCodes } from '../../../backbone/operations/verdict.ts'
import { type ProblemCode, problemCodes, problems, problemType } from '../../../backbone/problem.ts'
import { type FaultCode, faultCodes } from '../../../backbone/records/fault.ts'
import type { VerdictTexts, Words } from './en/verdicts.ts'
import { problemText } from './problem-text.ts'
import { type Language, languages, textsOf } from './texts.ts'

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
  const { sentence, facts, advice }: VerdictTexts<VerdictDetails[Code]> = textsOf(language).verdicts[code]
  return [sentence(words), advice(words), facts?.(words) ?? '']
}

const writeAll = (language: Language, code: VerdictCode): string[][] =>
  verdictWords[code].map((words) => writeVerdict(language, code, words))

function writeEvent<Code extends MemberEventCode>(
  language: Language,
  code: Code,
  words: Words<EventDetails[Code]>,
) {
  const write: (words: Words<EventDetails[Code]>) => string = textsOf(language).members.events.sentences[code]
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

describe('problems', () => {
  const problem = (code: ProblemCode, detail?: string) => ({
    type: problemType(code),
    title: problems[code].title,
    ...(detail === undefined ? {} : { detail }),
  })

  test.each(problemCodes)('%s is written in Spanish, with the detail of the API', (code) => {
    const spanish = problemText(textsOf('es'), problem(code))
    expect(spanish).toMatch(/^\p{Lu}/u)
    expect(spanish).not.toBe(problems[code].title)
    expect(problemText(textsOf('es'), problem(code, 'limit must be 1 to 500'))).toBe(
      `${spanish}. Detalle en inglés: limit must be 1 to 500`,
    )
    expect(problemText(textsOf('en'), problem(code))).toBe(problems[code].title)
  })

  test.each(Object.keys(faultCodes) as FaultCode[])('the fault %s of a field, too', (code) => {
    expect(textsOf('es').problems.fault(code, 'must be text')).toMatch(/^\p{Lu}.* \(must be text\)$/u)
    expect(textsOf('en').problems.fault(code, 'must be text')).toBe('must be text')
  })

  test('one that is not of the API keeps its title', () => {
    expect(problemText(textsOf('es'), { type: 'about:blank', title: 'HTTP 502 Bad Gateway' })).toBe(
      'HTTP 502 Bad Gateway',
    )
  })
})

test('the languages have different sentences', () => {
  const [english, spanish] = languages.map((language) =>
    verdictCodes.map((code) => writeAll(language, code)[0]?.[0]),
  )
  expect(english?.filter((sentence, index) => sentence === spanish?.[index])).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { memberEventCodes } from '../../../backbone/figures/member-figures.ts'
import { verdictCodes } from '../../../backbone/operations/system-state.ts'
import { type ProblemCode, problemCodes, problems, problemType } from '../../../backbone/problem.ts'
import { type FaultCode, faultCodes } from '../../../backbone/records/fault.ts'
import { problemText } from './problem-text.ts'
import { languages, textsOf } from './texts.ts'

/** What a processor knows of each verdict and event, written for a sentence. */
const words = {
  member: 'processor-2',
  role: 'processor',
  seconds: '9 s',
  clearedIn: '3 min',
  partitions: '2, 3',
  partition: '2',
  records: '1,204',
  processors: '3',
  perSecond: '120',
  percent: '61',
  status: '503',
  topic: 'DataTopic',
  broker: '3',
  check: 'kafka',
  detail: 'connection refused',
  processor: 'http://127.0.0.1:8091',
  limit: '88',
  deadLetter: '1-17',
  by: 'ops',
}

describe.each(languages)('in %s', (language) => {
  const { verdicts, members } = textsOf(language)

  test.each(verdictCodes)('the verdict %s has a sentence and an advice', (code) => {
    const { sentence, facts, advice } = verdicts[code]
    for (const details of [words, { ...words, gateways: '2', role: 'gateway', status: '429' }]) {
      const texts = [sentence(details), advice(details)]
      for (const text of texts) expect(text).toMatch(/^[\p{L}\d]/u)
      for (const text of [...texts, facts?.(details) ?? '']) expect(text).not.toMatch(/undefined|null|NaN/)
    }
    // Screen readers read it aloud whenever it changes.
    expect(sentence({ ...words, seconds: '10 s', records: '1,300', perSecond: '121' })).toBe(sentence(words))
  })

  test.each(memberEventCodes)('the event %s has a sentence', (code) => {
    const text = members.events.sentences[code](words)
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
    verdictCodes.map((code) => textsOf(language).verdicts[code].sentence(words)),
  )
  expect(english?.filter((sentence, index) => sentence === spanish?.[index])).toEqual([])
})

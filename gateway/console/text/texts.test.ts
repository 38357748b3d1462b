import { describe, expect, test } from 'vitest'
import { memberEventCodes } from '../../../backbone/operations/member-figures.ts'
import { verdictCodes } from '../../../backbone/operations/system-state.ts'
import { languages } from '../../pages/text/texts.ts'
import { consoleTextsOf } from './texts.ts'

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
  const { verdicts, members } = consoleTextsOf(language)

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

test('the languages have different sentences', () => {
  const [english, spanish] = languages.map((language) =>
    verdictCodes.map((code) => consoleTextsOf(language).verdicts[code].sentence(words)),
  )
  expect(english?.filter((sentence, index) => sentence === spanish?.[index])).toEqual([])
})

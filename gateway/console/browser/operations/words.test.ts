import { afterAll, expect, test, vi } from 'vitest'
import type { MemberEvent } from '../../../../backbone/figures/member-event.ts'
import type { Verdict } from '../../../../backbone/operations/verdict.ts'

vi.stubGlobal('document', { documentElement: { lang: 'en' } })
const { eventSentence, verdictTexts } = await import('./words.ts')
afterAll(() => vi.unstubAllGlobals())

test('values are written as the viewer reads them, and what a later version adds changes nothing', () => {
  const details = { deadLetter: '1-17', eventId: 'a1b2', by: 'ops', reason: 'added later' }
  expect(eventSentence({ code: 'redriven', details })).toBe(
    'Sent dead letter 1-17 again, at the request of ops',
  )
  expect(verdictTexts({ code: 'checkouts-wait', details: { records: 1_204, seconds: 90 } }).facts).toBe(
    '1,204 checkouts wait, the oldest for 1 min 30 s',
  )
})

test('codes of a later version are shown as they are', () => {
  const event = { code: 'disk-full', details: { bytes: 0 } } as unknown as MemberEvent
  expect(eventSentence(event)).toBe('disk-full')
  const verdict = { code: 'disk-full', details: {} } as unknown as Verdict
  expect(verdictTexts(verdict)).toEqual({ sentence: 'disk-full', facts: '', advice: '' })
})

import { expect, test, vi } from 'vitest'
import type { SlowPurchases } from '../../backbone/insights/slow-purchases.ts'
import type { Question } from './read-purchases.ts'
import { shareAnswers } from './share-answers.ts'

const NOW = Date.parse('2026-11-30T00:00:00Z')
const HOUR = 3_600_000
const never = new AbortController().signal
const owner = undefined

/** Answers when `end` is called. */
function setUp(options: { freshMs?: number; withinMs?: number } = {}) {
  const begun: { question: Question; signal: AbortSignal; end: () => void; fail: (error: Error) => void }[] =
    []
  const ask = shareAnswers({
    now: () => NOW,
    answer: (question, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<SlowPurchases | undefined>()
      const end = () => resolve({ candidates: begun.length } as SlowPurchases)
      signal.addEventListener('abort', () => resolve(undefined))
      begun.push({ question, signal, end, fail: reject })
      return promise
    },
    ...options,
  })
  const untilBegun = (count: number) => vi.waitFor(() => expect(begun).toHaveLength(count))
  return { ask, begun, untilBegun }
}

test('a question is about the last day, or the day before `until`, and not about the future', async () => {
  const { ask, begun, untilBegun } = setUp()
  const questions = [{}, { until: NOW - HOUR }, { since: NOW - HOUR, until: NOW + HOUR }]
  for (const [index, question] of questions.entries()) {
    const asked = ask({ ...question, owner }, never)
    await untilBegun(index + 1)
    begun[index]?.end()
    await asked
  }
  expect(begun.map(({ question }) => question)).toEqual([
    { since: NOW - 24 * HOUR, until: NOW, owner },
    { since: NOW - 25 * HOUR, until: NOW - HOUR, owner },
    { since: NOW - HOUR, until: NOW, owner },
  ])
  await expect(ask({ since: NOW, owner }, never)).rejects.toMatchObject({ code: 'invalid-request' })
})

test('equal questions share an answer while it is computed and fresh; those of other owners do not', async () => {
  const { ask, begun, untilBegun } = setUp({ freshMs: 300 })
  const both = [ask({ owner }, never), ask({ owner }, never)]
  await untilBegun(1)
  begun[0]?.end()
  expect(await Promise.all(both)).toEqual([{ candidates: 1 }, { candidates: 1 }])
  expect(await ask({ owner }, never)).toEqual({ candidates: 1 })
  const other = ask({ owner: 'kiosk' }, never)
  await untilBegun(2)
  begun[1]?.end()
  expect(await other).toEqual({ candidates: 2 })
  await vi.waitFor(() => {
    void ask({ owner }, never)
    expect(begun).toHaveLength(3)
  })
  begun[2]?.end()
})

test('one at a time; a sixth question is refused', async () => {
  const { ask, begun, untilBegun } = setUp()
  const asked = [1, 2, 3, 4, 5].map((hours) => ask({ since: NOW - hours * HOUR, owner }, never))
  await untilBegun(1)
  await expect(ask({ owner }, never)).rejects.toMatchObject({ code: 'results-unavailable' })
  for (const index of asked.keys()) {
    await untilBegun(index + 1)
    begun[index]?.end()
  }
  expect(await Promise.all(asked)).toHaveLength(5)
})

test('a question is cancelled once nobody waits for it, also before its turn', async () => {
  const { ask, begun, untilBegun } = setUp()
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()]
  const refused = { code: 'results-unavailable' }
  const asked = [ask({ owner }, first.signal), ask({ owner }, second.signal)]
  const waiting = ask({ owner: 'kiosk' }, third.signal)
  await untilBegun(1)
  first.abort()
  await expect(asked[0]).rejects.toMatchObject(refused)
  expect(begun[0]?.signal.aborted).toBe(false)
  third.abort()
  await expect(waiting).rejects.toMatchObject(refused)
  second.abort()
  await expect(asked[1]).rejects.toMatchObject(refused)
  expect(begun[0]?.signal.aborted).toBe(true)
  const next = ask({ owner }, never)
  await untilBegun(2)
  begun[1]?.end()
  await next
  expect(begun.map(({ question }) => question.owner)).toEqual([undefined, undefined])
})

test('an answer that takes too long is cancelled', async () => {
  const { ask, begun } = setUp({ withinMs: 20 })
  await expect(ask({ owner }, never)).rejects.toMatchObject({ code: 'results-unavailable' })
  expect(begun[0]?.signal.aborted).toBe(true)
})

test('an answer that fails is not given again', async () => {
  const { ask, begun, untilBegun } = setUp()
  const failing = ask({ owner }, never)
  await untilBegun(1)
  begun[0]?.fail(new Error('the file is damaged'))
  await expect(failing).rejects.toThrow('the file is damaged')
  const next = ask({ owner }, never)
  await untilBegun(2)
  begun[1]?.end()
  expect(await next).toEqual({ candidates: 2 })
})

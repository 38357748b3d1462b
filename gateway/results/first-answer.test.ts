import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { firstAnswer } from './first-answer.ts'

const HEDGE_AFTER_MS = 20

/** The behaviour of each candidate: an answer, `undefined` for none, or the milliseconds until its answer. */
function race(behaviour: Record<string, (string | number | undefined)[]>, { mayHedge = true } = {}) {
  const asked: string[] = []
  const cancelled: string[] = []
  const discard = vi.fn()
  const hedge = vi.fn<(candidate: string) => boolean>(() => mayHedge)
  const answer = firstAnswer<string>({
    candidates: Object.keys(behaviour),
    ask(candidate) {
      asked.push(candidate)
      const next = behaviour[candidate]?.shift()
      const { promise, reject, resolve } = Promise.withResolvers<string | undefined>()
      if (typeof next === 'number') setTimeout(resolve, next, candidate)
      else resolve(next)
      return {
        answer: promise,
        cancel() {
          cancelled.push(candidate)
          reject(new Error('cancelled'))
        },
      }
    },
    mayAsk: () => true,
    hedgeAfterMs: () => HEDGE_AFTER_MS,
    mayHedge: hedge,
    discard,
  })
  return { answer, asked, cancelled, discard, hedge }
}

test('the first one that has an answer is the only one asked', async () => {
  const { answer, asked } = race({ a: ['A'], b: ['B'] })
  expect([await answer, asked]).toEqual(['A', ['a']])
})

test('the next is asked when one has none; each is asked twice at most', async () => {
  const some = race({ a: [undefined], b: [undefined, 'B'] })
  expect([await some.answer, some.asked]).toEqual(['B', ['a', 'b', 'a', 'b']])
  const none = race({ a: [], b: [] })
  expect([await none.answer, none.asked]).toEqual([undefined, ['a', 'b', 'a', 'b']])
  expect(await race({}).answer).toBeUndefined()
})

test('when an answer takes long the next is asked too, the first answer wins and the other is cancelled', async () => {
  const { answer, asked, cancelled, hedge } = race({ a: [10_000], b: ['B'] })
  expect([await answer, asked, cancelled]).toEqual(['B', ['a', 'b'], ['a']])
  expect(hedge.mock.calls).toEqual([['a']])
})

test('the slow one still wins when it answers first', async () => {
  const { answer, cancelled } = race({ a: [60], b: [10_000] })
  expect([await answer, cancelled]).toEqual(['a', ['b']])
})

test('a hedge that has no answer leaves the first one to be waited for', async () => {
  const { answer, asked } = race({ a: [100], b: [undefined, undefined] })
  expect([await answer, asked]).toEqual(['a', ['a', 'b', 'b']])
})

test('without a hedge it asks for one again later', async () => {
  const { answer, asked, hedge } = race({ a: [150], b: ['B'] }, { mayHedge: false })
  expect([await answer, asked]).toEqual(['a', ['a']])
  expect(hedge.mock.calls.length).toBeGreaterThan(1)
  const calls = hedge.mock.calls.length
  await sleep(3 * HEDGE_AFTER_MS)
  expect(hedge.mock.calls).toHaveLength(calls)
})

test('an answer that comes in spite of being cancelled is discarded', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const discard = vi.fn()
  const answer = firstAnswer<string>({
    candidates: ['a', 'b'],
    ask: (candidate) => ({
      answer: candidate === 'a' ? promise : Promise.resolve('B'),
      cancel: () => resolve('A'),
    }),
    mayAsk: () => true,
    hedgeAfterMs: () => HEDGE_AFTER_MS,
    mayHedge: () => true,
    discard,
  })
  expect(await answer).toBe('B')
  await vi.waitFor(() => expect(discard.mock.calls).toEqual([['A']]))
})

test('where there is only one, nothing is hedged', async () => {
  const { answer, hedge } = race({ a: [3 * HEDGE_AFTER_MS] })
  expect(await answer).toBe('a')
  expect(hedge).not.toHaveBeenCalled()
})

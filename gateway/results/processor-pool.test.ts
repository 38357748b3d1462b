import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { createProcessorPool } from './processor-pool.ts'

function poolOf(...urls: string[]) {
  let now = 0
  const lines: { level: number; processor: string; answering: number }[] = []
  const log = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) })
  const changes: string[] = []
  const onChange = (url: string, answers: boolean) => changes.push(`${url} ${answers ? 'back' : 'silent'}`)
  const pool = createProcessorPool({ urls, onChange, log, now: () => now })
  return { ...pool, lines, changes, pass: (ms: number) => (now += ms) }
}
const WARN = 40
const INFO = 30

test('reads go round robin, and the others are there to go on with', () => {
  const pool = poolOf('a', 'b', 'c')
  expect([1, 2, 3, 4].map(() => pool.next().join(''))).toEqual(['abc', 'bca', 'cab', 'abc'])
})

test('a pool of none is a pool, too', () => {
  expect(poolOf().next()).toEqual([])
  expect(poolOf().fault()).toBeUndefined()
})

test('one that failed comes last for a second', () => {
  const pool = poolOf('a', 'b')
  pool.failed('a')
  expect([pool.next(), pool.next()]).toEqual([
    ['b', 'a'],
    ['b', 'a'],
  ])
  pool.pass(1_000)
  expect(new Set([pool.next()[0], pool.next()[0]])).toEqual(new Set(['a', 'b']))
})

test('one that does not respond to probes is not asked until it does; each change is logged once', () => {
  const pool = poolOf('a', 'b', 'c')
  pool.probed('b', true)
  for (let probe = 0; probe < 3; probe++) pool.probed('b', false)
  expect([1, 2].map(() => pool.next().toSorted())).toEqual([
    ['a', 'c'],
    ['a', 'c'],
  ])
  expect([pool.answering(), pool.fault()]).toEqual([2, '1 of 3 processors does not respond: b'])
  for (let probe = 0; probe < 3; probe++) pool.probed('b', true)
  expect(pool.next()).toHaveLength(3)
  expect([pool.answering(), pool.fault()]).toEqual([3, undefined])
  expect(pool.lines.map(({ level, processor, answering }) => [level, processor, answering])).toEqual([
    [WARN, 'b', 2],
    [INFO, 'b', 3],
  ])
  expect(pool.changes).toEqual(['b silent', 'b back'])
})

test('one that has not responded yet is out, without a warning', () => {
  const pool = poolOf('a', 'b')
  pool.probed('b', false)
  expect(pool.next()).toEqual(['a'])
  expect(pool.fault()).toBe('1 of 2 processors does not respond: b')
  expect(pool.lines.map(({ level }) => level)).toEqual([INFO])
  pool.probed('b', true)
  expect(pool.changes).toEqual([])
})

test('when none responds all are asked', () => {
  const pool = poolOf('a', 'b')
  pool.probed('a', false)
  pool.probed('b', false)
  expect(pool.next().toSorted()).toEqual(['a', 'b'])
  expect(pool.fault()).toBe('2 of 2 processors do not respond: a, b')
})

test('a late read makes a processor suspect when nothing was answered since; a probe clears it', () => {
  const pool = poolOf('a', 'b')
  const probe = vi.fn()
  pool.onSuspect(probe)
  pool.pass(10)
  pool.answered('a')
  pool.late('a', 5)
  expect(probe).not.toHaveBeenCalled()
  pool.late('a', 10)
  pool.late('a', 10)
  expect(probe.mock.calls).toEqual([['a']])
  expect([pool.next(), pool.next()]).toEqual([
    ['b', 'a'],
    ['b', 'a'],
  ])
  pool.probed('a', true)
  expect(new Set([pool.next()[0], pool.next()[0]])).toEqual(new Set(['a', 'b']))
})

test('what waits for a processor leaves it when it is out, not while no other answers', async () => {
  const pool = poolOf('a', 'b')
  pool.probed('b', false)
  const [leave, forgotten, late] = [vi.fn(), vi.fn(), vi.fn()]
  pool.whenAbandoned('a', leave)
  pool.whenAbandoned('a', forgotten)()
  pool.probed('a', false)
  expect(leave).not.toHaveBeenCalled()
  pool.probed('b', true)
  expect(leave).toHaveBeenCalledOnce()
  expect(forgotten).not.toHaveBeenCalled()
  pool.whenAbandoned('a', late)
  await Promise.resolve()
  expect(late).toHaveBeenCalledOnce()
  pool.probed('a', true)
  pool.probed('a', false)
  expect(leave).toHaveBeenCalledOnce()
})

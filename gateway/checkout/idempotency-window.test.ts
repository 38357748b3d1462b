import { expect, test, vi } from 'vitest'
import { anyone } from '../../backbone/access/identity.ts'
import { createIdempotencyWindow } from './idempotency-window.ts'

const of = (eventId: string, fingerprint: string, key?: string) => ({
  eventId,
  fingerprint,
  owner: 'web',
  customer: 'c',
  key,
})
const present = () => false
const answer = (eventId: string) => ({ eventId })
const reused = expect.objectContaining({ code: 'idempotency-key-reused' })

test('a concurrent request waits for the first, and a later one gets the same answer', async () => {
  const window = createIdempotencyWindow(10)
  const first = Promise.withResolvers<{ eventId: string }>()
  const work = vi.fn(() => first.promise)

  const together = [1, 2, 3].map(() => window.once(of('event', 'body'), present, work))
  expect(window.accepted('event', anyone)).toBeUndefined()
  first.resolve(answer('event'))
  const given = [...(await Promise.all(together)), await window.once(of('event', 'body'), present, work)]

  expect(work).toHaveBeenCalledOnce()
  expect(given.map(({ replayed }) => replayed)).toEqual([false, true, true, true])
  expect(given.map((each) => each.answer)).toEqual(Array(4).fill(answer('event')))
  expect(window.accepted('event', anyone)).toBeDefined()
})

test('work is abandoned only when all its clients have disconnected', async () => {
  const window = createIdempotencyWindow(10)
  const gate = Promise.withResolvers<{ eventId: string }>()
  const left = new Set<string>()
  const goneOf = (client: string) => () => left.has(client)
  let isAbandoned = () => false
  const first = window.once(of('event', 'body'), goneOf('first'), (allDisconnected) => {
    isAbandoned = allDisconnected
    return gate.promise
  })
  left.add('first')
  expect(isAbandoned()).toBe(true)
  const retry = window.once(of('event', 'body'), goneOf('retry'), () => gate.promise)
  expect(isAbandoned()).toBe(false)
  left.add('retry')
  expect(isAbandoned()).toBe(true)
  gate.resolve(answer('event'))
  await Promise.all([first, retry])
})

test('the same event with another body is rejected, in flight and later', async () => {
  const window = createIdempotencyWindow(10)
  const first = Promise.withResolvers<{ eventId: string }>()
  const other = vi.fn(async () => answer('other'))

  const inFlight = window.once(of('event', 'body'), present, () => first.promise)
  await expect(window.once(of('event', 'another'), present, other)).rejects.toThrow(reused)
  first.resolve(answer('event'))
  await inFlight
  await expect(window.once(of('event', 'another'), present, other)).rejects.toThrow(reused)
  expect(other).not.toHaveBeenCalled()
})

test('a failure is reported to all waiting requests, and leaves no trace', async () => {
  const window = createIdempotencyWindow(10)
  const failing = Promise.withResolvers<{ eventId: string }>()
  const together = [1, 2].map(() => window.once(of('event', 'body'), present, () => failing.promise))
  failing.reject(new Error('Kafka'))
  expect((await Promise.allSettled(together)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])

  const retried = await window.once(of('event', 'another'), present, async () => answer('event'))
  expect(retried).toEqual({ answer: answer('event'), replayed: false })
})

test('remembers the configured number of latest answers', async () => {
  const window = createIdempotencyWindow(2)
  for (const id of ['a', 'b', 'c']) await window.once(of(id, id), present, async () => answer(id))
  expect(['a', 'b', 'c'].map((id) => window.accepted(id, anyone) !== undefined)).toEqual([false, true, true])
  expect((await window.once(of('a', 'a'), present, async () => answer('a'))).replayed).toBe(false)
})

test.each([1, 2, 7, 8, 9, 15, 800])(
  'with a limit of %i it remembers at most that many, and never fewer than the last seven eighths',
  async (max) => {
    const window = createIdempotencyWindow(max)
    const least = max - Math.ceil(max / 8) + 1
    for (let n = 0; n < 3 * max; n++) {
      await window.once(of(`event ${n}`, 'body', `key ${n}`), present, async () => answer(`event ${n}`))
      const known = (back: number) => window.hasUsed(`key ${n - back}`)
      expect([known(0), known(Math.min(n, least - 1)), known(max)]).toEqual([true, true, false])
      expect(window.accepted(`event ${n - max}`, anyone)).toBeUndefined()
    }
  },
)

test('a key is used while its event is stored and once it is, and not after a failure', async () => {
  const window = createIdempotencyWindow(10)
  const failing = Promise.withResolvers<{ eventId: string }>()
  const other = Promise.withResolvers<{ eventId: string }>()
  expect(window.hasUsed('key')).toBe(false)
  const attempt = window.once(of('event', 'body', 'key'), present, () => failing.promise)
  const others = window.once(of('of another customer', 'body', 'key'), present, () => other.promise)
  expect(window.hasUsed('key')).toBe(true)
  failing.reject(new Error('Kafka'))
  await Promise.allSettled([attempt])
  expect(window.hasUsed('key')).toBe(true)
  other.resolve(answer('event'))
  await others
  expect(window.hasUsed('key')).toBe(true)
  const again = Promise.reject(new Error('Kafka'))
  await Promise.allSettled([window.once(of('third', 'body', 'third key'), present, () => again)])
  expect(window.hasUsed('third key')).toBe(false)
})

test.each([true, false])(
  'the key of a batch is used until all have ended, and afterwards if any was stored: %j',
  (stored) => {
    const window = createIdempotencyWindow(10)
    const end = window.use('batch')
    expect(window.hasUsed('batch')).toBe(true)
    end(stored)
    expect(window.hasUsed('batch')).toBe(stored)
  },
)

test('knows an event that came without a key, for as long as its answer', async () => {
  const window = createIdempotencyWindow(1)
  await window.once(of('a', 'a'), present, async () => answer('a'))
  expect(window.accepted('a', anyone)).toBeDefined()
  await window.once(of('b', 'b'), present, async () => answer('b'))
  expect(window.accepted('a', anyone)).toBeUndefined()
})

test.each([
  ['its owner', { owner: 'web' }, true],
  ['its customer', { owner: 'web', customer: 'c' }, true],
  ['another owner', { owner: 'app' }, false],
  ['another customer', { owner: 'web', customer: 'd' }, false],
])('whether an event is revealed depends on the identity: %s', async (_, identity, knows) => {
  const window = createIdempotencyWindow(1)
  await window.once(of('event', 'body'), present, async () => answer('event'))
  expect(window.accepted('event', { readsAll: false, customer: undefined, ...identity }) !== undefined).toBe(
    knows,
  )
})

test('requests in flight are never dropped', async () => {
  const window = createIdempotencyWindow(1)
  const gate = Promise.withResolvers<void>()
  const store = vi.fn(async (key: string) => {
    await gate.promise
    return answer(key)
  })
  const keys = ['a', 'b', 'c']
  const first = keys.map((key) => window.once(of(key, key), present, () => store(key)))
  const second = keys.map((key) => window.once(of(key, key), present, () => store(key)))
  gate.resolve()
  const all = await Promise.all([...first, ...second])
  expect(store).toHaveBeenCalledTimes(3)
  expect(all.map(({ replayed }) => replayed)).toEqual([false, false, false, true, true, true])
})

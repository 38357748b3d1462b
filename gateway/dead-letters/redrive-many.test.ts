import { expect, test, vi } from 'vitest'
import { type ProblemCode, ProblemError } from '../../backbone/problem.ts'
import type { DeadLetterReads } from './read-dead-letters.ts'
import type { Redrive, RedriveRequest } from './redrive.ts'
import { createBulkRedrive } from './redrive-many.ts'

const asked: RedriveRequest = {
  request: new Request('http://localhost/dead-letters/redrive'),
  requestId: 'r1',
  by: 'ops',
  lenient: false,
  trace: undefined,
  waitSeconds: () => 0,
}

/** Sends a page of which the second letter fails, and returns the results by id. */
async function withFailure(error: Error) {
  const items = Array.from({ length: 20 }, (_, i) => ({ id: `letter-${i}` }))
  const reads = { list: async () => ({ items, next: null, unread: 3 }) } as unknown as DeadLetterReads
  const answer = { eventId: 'e', status: 'accepted', partition: 0, offset: 0, lane: 'purchase' } as const
  const redrive: Redrive = async (id) => {
    if (id === 'letter-1') throw error
    return { answer: { id, ...answer }, replayed: false }
  }
  const onInternal = vi.fn()
  const { results, unread } = await createBulkRedrive({ reads, redrive, onInternal })({ limit: 100 }, asked)
  return {
    failed: results[1],
    unread,
    others: new Set(results.toSpliced(1, 1).map(({ status }) => status)),
    onInternal,
  }
}

test.each<[ProblemCode, boolean]>([
  ['invalid-checkout', false],
  ['already-redriven', false],
  // Listed by one processor, and asked for at one that has not read it yet.
  ['unknown-dead-letter', true],
])('%s of one letter keeps no other from being sent; to repeat: %s', async (code, retry) => {
  const { failed, unread, others, onInternal } = await withFailure(new ProblemError(code))
  expect(unread).toBe(3)
  expect(failed).toMatchObject({ id: 'letter-1', retry })
  expect(others).toEqual(new Set([202]))
  expect(onInternal).not.toHaveBeenCalled()
})

test.each([new ProblemError('kafka-unavailable'), new Error('unexpected')])(
  'after %s the rest is not tried, and all that failed can be repeated',
  async (error) => {
    const { failed, others } = await withFailure(error)
    expect(failed).toMatchObject({ id: 'letter-1', retry: true })
    expect(others).toEqual(new Set([202, failed?.status]))
  },
)

import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Problem } from '../../../../backbone/problem.ts'
import type { BulkProgress, RedrivenPage } from './bulk-redrive.ts'

vi.stubGlobal('document', { documentElement: { lang: 'en' } })
const { createBulkRedrive } = await import('./bulk-redrive.ts')
const { RequestError } = await import('../../../pages/browser/request.ts')
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
afterAll(() => void vi.unstubAllGlobals())

const problem = (status: number, more = {}): Problem => ({ type: 'about:blank', title: 'A', status, ...more })
const sent = (...ids: string[]) => ids.map((id) => ({ id }))
const faulty = { id: 'faulty', problem: problem(422) }
const never = new AbortController().signal

/** A bulk redrive over these answers, one after the other. */
function redriveOver(...answers: (RedrivenPage | Error)[]) {
  const cursors: (string | undefined)[] = []
  let progress: BulkProgress | undefined
  const onRetry = vi.fn()
  const redrive = createBulkRedrive({
    async sendPage(cursor) {
      cursors.push(cursor)
      const answer = answers.shift()
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often')
      return answer
    },
    onProgress: (now) => {
      progress = now
    },
    onRetry,
  })
  return { redrive, cursors, onRetry, progress: () => progress }
}

test('sends one page after the other, and counts what failed', async () => {
  const { redrive, cursors, progress } = redriveOver(
    { results: [...sent('a', 'b'), faulty], next: 'second' },
    { results: sent('c'), next: null },
  )
  expect(await redrive(never)).toEqual({ is: 'finished' })
  expect(cursors).toEqual([undefined, 'second'])
  expect(progress()).toEqual({ sent: 3, failed: 1, failures: [faulty] })
})

test.each([
  ['is not listed again', sent('c')],
  ['is listed again', sent('a', 'b', 'c')],
])('a page that was sent in part is repeated; what was sent %s, and is counted once', async (_, results) => {
  const incomplete = problem(503, {
    results: [...sent('a', 'b'), { id: 'c', problem: problem(503) }, faulty],
  })
  const { redrive, onRetry, progress } = redriveOver(new RequestError(incomplete), {
    results: [...results, faulty],
    next: null,
  })
  const end = redrive(never)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await end).toEqual({ is: 'finished' })
  expect(onRetry).toHaveBeenCalledExactlyOnceWith({ sent: 2, failed: 0, failures: [] }, 'A')
  expect(progress()).toEqual({ sent: 3, failed: 1, failures: [faulty] })
})

test.each([undefined, problem(429), problem(500)])('%j is tried again at the same page', async (refusal) => {
  const { redrive, cursors } = redriveOver(
    { results: sent('a'), next: 'second' },
    new RequestError(refusal),
    {
      results: sent('b'),
      next: null,
    },
  )
  const end = redrive(never)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await end).toEqual({ is: 'finished' })
  expect(cursors).toEqual([undefined, 'second', 'second'])
})

test('ends where a repetition cannot help', async () => {
  const { redrive } = redriveOver(new RequestError(problem(403, { detail: 'personal is required' })))
  expect(await redrive(never)).toEqual({ is: 'refused', why: 'A: personal is required' })
})

test('a bulk redrive that is cancelled, also while it waits, continues at its page', async () => {
  const { redrive, cursors, progress } = redriveOver(
    { results: sent('a'), next: 'second' },
    new RequestError(undefined),
    { results: sent('b'), next: null },
  )
  const cancelling = new AbortController()
  const end = redrive(cancelling.signal)
  await vi.advanceTimersByTimeAsync(1)
  cancelling.abort()
  expect(await end).toEqual({ is: 'cancelled' })
  expect(await redrive(never)).toEqual({ is: 'finished' })
  expect(cursors).toEqual([undefined, 'second', 'second'])
  expect(progress()).toMatchObject({ sent: 2 })
})

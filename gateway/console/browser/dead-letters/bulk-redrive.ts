import type { Problem } from '../../../../backbone/problem.ts'
import { failureText, RequestError } from '../../../pages/browser/request.ts'

/** What became of one dead letter; without `problem` it was sent. */
export interface LetterResult {
  id: string
  problem?: Problem
}

/** The answer of `POST /dead-letters/redrive`. */
export interface RedrivenPage {
  results: LetterResult[]
  next: string | null
}

export interface BulkProgress {
  sent: number
  failed: number
  /** The first of those that failed. */
  failures: readonly LetterResult[]
}

/** `refused`: a repetition cannot help. */
export type BulkEnd = { is: 'finished' | 'cancelled' } | { is: 'refused'; why: string }

interface RedriveOptions {
  /** Sends the page at a cursor. */
  sendPage: (cursor: string | undefined) => Promise<RedrivenPage>
  onProgress: (progress: BulkProgress) => void
  /** The same page is sent again soon. */
  onRetry: (progress: BulkProgress, why: string) => void
}

const SHOWN_FAILURES = 50
const RETRY_MS = 2_000

/** Sends all that match, a page after the other. Call the result again to continue after it was cancelled. */
export function createBulkRedrive({ sendPage, onProgress, onRetry }: RedriveOptions) {
  const sentOfPage = new Set<string>()
  let cursor: string | undefined
  let sentBefore = 0
  let failed = 0
  let failures: readonly LetterResult[] = []

  const progress = (): BulkProgress => ({ sent: sentBefore + sentOfPage.size, failed, failures })

  /** A page that is repeated may list what was sent again, or no longer. */
  function addSent(results: readonly LetterResult[]) {
    for (const { id, problem } of results) if (problem === undefined) sentOfPage.add(id)
  }

  function endPage({ results, next }: RedrivenPage) {
    addSent(results)
    sentBefore += sentOfPage.size
    sentOfPage.clear()
    const ofPage = results.filter(({ problem }) => problem !== undefined)
    failed += ofPage.length
    failures = [...failures, ...ofPage].slice(0, SHOWN_FAILURES)
    cursor = next ?? undefined
    onProgress(progress())
  }

  return async (cancelled: AbortSignal): Promise<BulkEnd> => {
    while (!cancelled.aborted) {
      try {
        const page = await sendPage(cursor)
        endPage(page)
        if (page.next === null) return { is: 'finished' }
      } catch (error) {
        if (!mayHelpToRepeat(error)) return { is: 'refused', why: failureText(error) }
        addSent(resultsIn(error))
        onRetry(progress(), failureText(error))
        await pause(RETRY_MS, cancelled)
      }
    }
    return { is: 'cancelled' }
  }
}

function mayHelpToRepeat(error: unknown): error is RequestError {
  if (!(error instanceof RequestError)) return false
  const status = error.problem?.status
  return status === undefined || status >= 500 || status === 429
}

/** `redrive-incomplete` has what was sent nevertheless. */
const resultsIn = ({ problem }: RequestError): readonly LetterResult[] =>
  (problem as { results?: LetterResult[] } | undefined)?.results ?? []

function pause(ms: number, ended: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, ms)
  ended.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

import type { Problem } from '../../../backbone/problem.ts'
import { problemText } from '../text/problem-text.ts'
import { byId, el, setText } from './dom.ts'
import { count } from './format.ts'
import type { LetterFilter } from './letter-filter.ts'
import { RequestError, sendJson } from './request.ts'
import { createTable } from './table.ts'
import { texts } from './texts.ts'

interface Result {
  id: string
  status: number
  retry: boolean
  problem?: Problem
}

interface Answer {
  results: Result[]
  next: string | null
}

interface Run {
  body: object
  cursor: string | undefined
  sent: number
  failed: number
  failures: Result[]
}

const { bulk: words } = texts.deadLetters
const PAGE = 50
const SHOWN_FAILURES = 50
const RETRY_MS = 2_000

/** Sends all that match again, a page after the other. A cancelled run continues at its page. */
export function createBulkRun(filterOf: () => LetterFilter, onProgress: () => void): void {
  const patch = el('textarea', { id: 'patch', rows: 2, spellcheck: 'false', placeholder: words.patchExample })
  const start = el('button', { type: 'button' }, words.start)
  const resume = el('button', { type: 'button', hidden: true }, words.resume)
  const cancel = el('button', { type: 'button', hidden: true }, words.cancel)
  const progress = el('p', { role: 'status' })
  const table = createTable<Result>({
    caption: words.failures,
    empty: '',
    key: ({ id }) => id,
    columns: [
      { header: words.id, cell: ({ id }) => el('a', { href: `?id=${id}` }, id), isRowHeader: true },
      { header: words.why, isWide: true, cell: reasonOf },
    ],
  })
  const failures = el('div', { hidden: true }, table.element)
  let run: Run | undefined
  let isCancelled = false
  /** Why a repetition of the page cannot help. */
  let refusal: string | undefined

  byId('bulk').replaceChildren(
    el('h2', {}, words.title),
    el('p', { class: 'hint' }, words.hint),
    el('label', { for: 'patch' }, words.patch),
    patch,
    el('p', {}, start, ' ', resume, ' ', cancel),
    progress,
    failures,
  )

  start.addEventListener('click', () => {
    const given = patchOf(patch.value)
    if (given === undefined) {
      setText(progress, words.badPatch)
      patch.focus()
      return
    }
    // oxlint-disable-next-line no-alert
    if (!confirm(words.sure)) return
    const { redriven: _, reason, ...rest } = filterOf()
    const body = { ...rest, ...(reason ? { reason: reason.split(',') } : {}), ...given, limit: PAGE }
    run = { body, cursor: undefined, sent: 0, failed: 0, failures: [] }
    void go(run)
  })
  resume.addEventListener('click', () => {
    if (run) void go(run)
  })
  cancel.addEventListener('click', () => {
    isCancelled = true
    cancel.disabled = true
  })

  function show(state: 'running' | 'cancelled' | 'finished', { sent, failed, failures: shown }: Run) {
    setText(progress, words[state](count(sent), count(failed)))
    start.hidden = state === 'running'
    cancel.hidden = state !== 'running'
    cancel.disabled = false
    resume.hidden = state !== 'cancelled'
    table.update(shown)
    failures.hidden = shown.length === 0
  }

  async function go(current: Run): Promise<void> {
    isCancelled = false
    refusal = undefined
    show('running', current)
    while (!isCancelled) {
      const page = await sendPage(current)
      if (page === undefined) break
      const failed = page.results.filter(({ problem }) => problem !== undefined)
      current.sent += page.results.length - failed.length
      current.failed += failed.length
      current.failures = [...current.failures, ...failed].slice(0, SHOWN_FAILURES)
      onProgress()
      if (page.next === null) {
        show('finished', current)
        return
      }
      current.cursor = page.next
      show('running', current)
    }
    if (refusal === undefined) return show('cancelled', current)
    show('finished', current)
    setText(progress, words.refused(count(current.sent), refusal))
  }

  /** Repeats the page until it is sent; undefined if the run is cancelled, or if a repetition cannot help. */
  async function sendPage({ body, cursor, sent }: Run): Promise<Answer | undefined> {
    while (!isCancelled) {
      try {
        return await sendJson<Answer>('/dead-letters/redrive', { ...body, ...(cursor ? { cursor } : {}) })
      } catch (error) {
        const status = error instanceof RequestError ? (error.problem?.status ?? 503) : 0
        const why = (error as Error).message
        if (status < 500 && status !== 429) {
          isCancelled = true
          refusal = why
          break
        }
        setText(progress, words.waits(count(sent), why))
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    return undefined
  }
}

/** Undefined: not an object. */
function patchOf(text: string): { patch?: object } | undefined {
  if (text.trim() === '') return {}
  try {
    const patch: unknown = JSON.parse(text)
    return typeof patch === 'object' && patch !== null && !Array.isArray(patch) ? { patch } : undefined
  } catch {
    return undefined
  }
}

function reasonOf({ problem }: Result): string {
  const faults = problem?.errors?.map(({ pointer, code, detail }) =>
    `${pointer} ${texts.problems.fault(code, detail)}`.trim(),
  )
  return faults?.join('; ') ?? (problem ? problemText(texts, problem) : '')
}

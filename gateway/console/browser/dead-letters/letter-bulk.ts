import { byId, el, setText } from '../../../pages/browser/dom.ts'
import { sendJson } from '../../../pages/browser/request.ts'
import { problemText } from '../../../pages/text/problem-text.ts'
import { createTable } from '../elements/table.ts'
import { count } from '../format.ts'
import { texts } from '../texts.ts'
import { type BulkEnd, type BulkProgress, createBulkRedrive, type LetterResult } from './bulk-redrive.ts'
import type { LetterFilter } from './letter-filter.ts'

const { bulk: words } = texts.deadLetters
const PAGE = 50

/** The form that sends all that match again. After it was cancelled, it continues at its page. */
export function createBulkForm(filterOf: () => LetterFilter, onProgress: () => void): void {
  const patch = el('textarea', { id: 'patch', rows: 2, spellcheck: 'false', placeholder: words.patchExample })
  const start = el('button', { type: 'button' }, words.start)
  const resume = el('button', { type: 'button', hidden: true }, words.resume)
  const cancel = el('button', { type: 'button', hidden: true }, words.cancel)
  const status = el('p', { role: 'status' })
  const failures = createFailureTable()
  let shown: BulkProgress
  let redrive: ReturnType<typeof createBulkRedrive>
  let cancelling = new AbortController()

  byId('bulk').replaceChildren(
    el('h2', {}, words.title),
    el('p', { class: 'hint' }, words.hint),
    el('label', { for: 'patch' }, words.patch),
    patch,
    el('p', {}, start, ' ', resume, ' ', cancel),
    status,
    failures.element,
  )

  start.addEventListener('click', () => {
    const given = patchOf(patch.value)
    if (given === undefined) {
      setText(status, words.badPatch)
      patch.focus()
      return
    }
    // oxlint-disable-next-line no-alert
    if (!confirm(words.sure)) return
    shown = { sent: 0, failed: 0, failures: [] }
    redrive = begin({ ...bodyOf(filterOf()), ...given })
    void go()
  })
  resume.addEventListener('click', () => void go())
  cancel.addEventListener('click', () => {
    cancelling.abort()
    cancel.disabled = true
  })

  const begin = (body: object) =>
    createBulkRedrive({
      sendPage: (cursor) => sendJson('/dead-letters/redrive', { ...body, limit: PAGE, cursor }),
      onProgress(progress) {
        onProgress()
        show(progress, words.running)
      },
      onRetry(progress, why) {
        shown = progress
        setText(status, words.waits(count(progress.sent), why))
      },
    })

  async function go(): Promise<void> {
    cancelling = new AbortController()
    showButtons(undefined)
    show(shown, words.running)
    const end = await redrive(cancelling.signal)
    showButtons(end)
    if (end.is === 'refused') setText(status, words.refused(count(shown.sent), end.why))
    else show(shown, words[end.is])
  }

  function show(progress: BulkProgress, write: (sent: string, failed: string) => string): void {
    shown = progress
    setText(status, write(count(progress.sent), count(progress.failed)))
    failures.show(progress.failures)
  }

  /** `end`: undefined while it sends. */
  function showButtons(end: BulkEnd | undefined): void {
    start.hidden = end === undefined
    cancel.hidden = end !== undefined
    cancel.disabled = false
    resume.hidden = end?.is !== 'cancelled'
  }
}

function createFailureTable() {
  const table = createTable<LetterResult>({
    caption: words.failures,
    empty: '',
    key: ({ id }) => id,
    columns: [
      { header: words.id, cell: ({ id }) => el('a', { href: `?id=${id}` }, id), isRowHeader: true },
      { header: words.why, isWide: true, cell: reasonOf },
    ],
  })
  const element = el('div', { hidden: true }, table.element)
  return {
    element,
    show(failures: readonly LetterResult[]): void {
      table.update(failures)
      element.hidden = failures.length === 0
    },
  }
}

/** Only those that were not sent again are sent, whatever the list shows. */
function bodyOf(filter: LetterFilter) {
  const { redriven: _, reason, ...rest } = filter
  return { ...rest, reason: reason?.split(',') }
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

function reasonOf({ problem }: LetterResult): string {
  const faults = problem?.errors?.map(({ pointer, code, detail }) =>
    `${pointer} ${texts.problems.fault(code, detail)}`.trim(),
  )
  return faults?.join('; ') ?? (problem ? problemText(texts, problem) : '')
}

import type { ServedOutcome } from '../../../../backbone/records/outcome.ts'
import { el } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { customerOf, folioOf, linkOf, productOf } from '../checkouts/outcome-cells.ts'
import { roles, tableBox } from '../elements/stack-rows.ts'
import { type Column, createCell } from '../elements/table.ts'
import { count, UNKNOWN } from '../format.ts'
import { ownerField } from '../forms/owner-field.ts'
import { texts } from '../texts.ts'
import { customerAddress } from './notification-filter.ts'

const { notifications: text } = texts
const MOST_ROWS = 500
// Nobody reads faster, and each change needs a layout of the whole table: on a slow computer, at most for a quarter of the time.
const SHORTEST_PAUSE_MS = 250
const PAUSE_PER_DRAWING = 3
const ofCustomer = { address: customerAddress, label: text.onlyCustomer }

/**
 * The newest outcomes in a table, the newest first. What arrives is drawn a few times per second and only while the
 * page is visible, so that thousands per second do not occupy the browser. Memory is bounded.
 */
export function createLiveList(onDraw: () => void) {
  const body = el('tbody', roles.group)
  const table = createTable(body)
  let waiting: ServedOutcome[] = []
  let waitingCount = 0
  let isPaused = false
  let isScheduled = false
  let pauseMs = 0

  /** A page in the background gets no frames. */
  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    setTimeout(() => requestAnimationFrame(drawMeasured), pauseMs)
  }

  function drawMeasured(): void {
    const began = performance.now()
    draw()
    // Runs after the layout of the frame.
    setTimeout(() => {
      pauseMs = Math.max(SHORTEST_PAUSE_MS, PAUSE_PER_DRAWING * (performance.now() - began))
      isScheduled = false
      if (waitingCount > 0 && !isPaused) schedule()
    })
  }

  function draw(): void {
    if (!isPaused) {
      body.prepend(...waiting.toReversed().map(rowOf))
      while (body.rows.length > MOST_ROWS) body.lastElementChild?.remove()
      waiting = []
      waitingCount = 0
      table.classList.toggle('is-empty', body.rows.length === 0)
    }
    onDraw()
  }

  return {
    element: table,
    /** Outcomes that arrived since the list was paused. */
    waiting: () => waitingCount,
    isPaused: () => isPaused,

    /** Replaces everything. */
    reset(newestFirst: readonly ServedOutcome[]): void {
      waiting = []
      waitingCount = 0
      body.replaceChildren(...newestFirst.slice(0, MOST_ROWS).map(rowOf))
      table.classList.toggle('is-empty', body.rows.length === 0)
      onDraw()
    },

    add(outcome: ServedOutcome): void {
      waiting.push(outcome)
      waitingCount += 1
      if (waiting.length > 2 * MOST_ROWS) waiting = waiting.slice(-MOST_ROWS)
      schedule()
    },

    pause(next: boolean): void {
      isPaused = next
      draw()
    },
  }
}

function createTable(body: HTMLTableSectionElement) {
  const caption = text.list(count(MOST_ROWS))
  const heads = columns.map(({ header }) => el('th', roles.columnHeader, header))
  const head = el('thead', roles.group, el('tr', roles.row, ...heads))
  const table = el('table', roles.table, el('caption', {}, caption), head, body)
  const box = tableBox(table, columns, el('p', { class: 'muted' }, text.empty))
  box.classList.add('live-list')
  return box
}

const columns: Column<ServedOutcome>[] = [
  { header: text.columns.time, isRowHeader: true, cell: linkOf },
  { header: text.columns.kind, cell: ({ kind }) => kindName(texts.kinds, kind) },
  { header: text.columns.folio, cell: folioOf },
  { header: text.columns.product, isWide: true, cell: productOf },
  { header: text.columns.customer, isWide: true, cell: (outcome) => customerOf(outcome, ofCustomer) },
  { header: text.columns.message, isWide: true, cell: ({ message }) => messageOf(message) },
  ...(ownerField()
    ? [{ header: texts.site.owner, isName: true, cell: ({ owner }: ServedOutcome) => owner ?? UNKNOWN }]
    : []),
]

/** Its beginning. */
const messageOf = (message: string | null) => el('div', { class: 'message-start' }, message ?? UNKNOWN)

function rowOf(outcome: ServedOutcome): HTMLTableRowElement {
  const cells = columns.map((column) => {
    const cell = createCell(column)
    cell.append(column.cell(outcome))
    return cell
  })
  return el('tr', { ...roles.row, 'data-event': outcome.eventId }, ...cells)
}

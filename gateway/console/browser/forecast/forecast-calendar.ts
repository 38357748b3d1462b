import type { CalendarEventFields, StoredCalendarEvent } from '../../../../backbone/records/calendar-event.ts'
import type { Fault } from '../../../../backbone/records/fault.ts'
import { byId, el, setText } from '../../../pages/browser/dom.ts'
import { failureText, faultsOf, request, sendJson } from '../../../pages/browser/request.ts'
import { createTable } from '../elements/table.ts'
import { timeElement } from '../elements/time-element.ts'
import { decimal } from '../format.ts'
import { instantOf } from '../forms/period.ts'
import { texts } from '../texts.ts'

const words = texts.forecast.calendar
const fields = ['name', 'from', 'until', 'times'] as const

/** Called when Kafka has the change, until the forecast has it, too. */
type WhenChanged = (id: string, isAdded: boolean) => Promise<void>

/** The events of the calendar, each with a button to remove it, and the form to add one. */
export function createCalendar(whenChanged: WhenChanged) {
  let events: readonly StoredCalendarEvent[] = []
  const note = byId('event-note')
  const table = createTable<StoredCalendarEvent>({
    caption: words.events,
    empty: words.empty,
    key: ({ id }) => id,
    columns: [
      { header: words.fields.name, isRowHeader: true, isName: true, cell: ({ name }) => name },
      { header: words.fields.from, isName: true, cell: ({ from }) => timeElement(from) },
      { header: words.fields.until, isName: true, cell: ({ until }) => timeElement(until) },
      { header: words.fields.times, isNumber: true, cell: ({ times }) => `× ${decimal(times)}` },
      { header: words.remove, cell: removeButton },
    ],
  })
  startForm(whenChanged, showNote)

  // One listener for all rows: their cells are replaced.
  table.element.addEventListener('click', ({ target }) => {
    const button = (target as Element).closest('button')
    const event = events.find(({ id }) => id === button?.value)
    // oxlint-disable-next-line no-alert
    if (button && event && confirm(words.sure(event.name))) void remove(event, button)
  })

  async function remove({ id, name }: StoredCalendarEvent, button: HTMLButtonElement): Promise<void> {
    button.disabled = true
    try {
      await request(`/forecast/events/${id}`, { method: 'DELETE' })
      showNote(words.removed(name))
      await whenChanged(id, false)
    } catch (error) {
      showNote(failureText(error), true)
    } finally {
      button.disabled = false
    }
  }

  function showNote(text: string, isBad = false): void {
    note.classList.toggle('bad', isBad)
    setText(note, text)
  }

  return {
    show(known: readonly StoredCalendarEvent[]): void {
      if (!table.element.isConnected) byId('calendar').replaceChildren(table.element)
      events = known
      table.update(known)
    },
  }
}

function startForm(whenChanged: WhenChanged, showNote: (text: string, isBad?: boolean) => void): void {
  const form = byId('event', HTMLFormElement)
  const inputs = fields.map((field) => ({
    field,
    input: byId(field, HTMLInputElement),
    fault: byId(`${field}-fault`),
  }))

  function showFaults(found: readonly Fault[]): void {
    for (const { field, input, fault } of inputs) {
      const ofField = found.filter(({ pointer }) => pointer === `/${field}`)
      setText(fault, ofField.map(({ code, detail }) => texts.problems.fault(code, detail)).join('; '))
      input.setAttribute('aria-invalid', String(ofField.length > 0))
    }
    inputs.find(({ input }) => input.ariaInvalid === 'true')?.input.focus()
  }

  async function add(): Promise<void> {
    showNote('')
    try {
      const event = await sendJson<StoredCalendarEvent>('/forecast/events', fieldsOf(inputs))
      showFaults([])
      form.reset()
      showNote(words.added(event.name))
      await whenChanged(event.id, true)
    } catch (error) {
      const found = faultsOf(error)
      showFaults(found ?? [])
      showNote(found ? words.refused : failureText(error), true)
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void add()
  })
}

/** What is empty is left out, so that the API says that it is missing. */
function fieldsOf(inputs: readonly { field: (typeof fields)[number]; input: HTMLInputElement }[]) {
  const given = Object.fromEntries(inputs.map(({ field, input }) => [field, input.value.trim()]))
  const { name, from, until, times } = given
  return {
    ...(name ? { name } : {}),
    ...(from ? { from: instantOf(from) } : {}),
    ...(until ? { until: instantOf(until) } : {}),
    ...(times ? { times: Number(times) } : {}),
  } satisfies Partial<CalendarEventFields>
}

const removeButton = ({ id, name }: StoredCalendarEvent): Node =>
  el('button', { type: 'button', value: id, 'aria-label': words.removeOf(name) }, words.remove)

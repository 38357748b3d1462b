import { byId } from '../../../pages/browser/dom.ts'
import { instantOf } from '../forms/period.ts'

/** What the list shows and a bulk redrive sends; the same names as in the API. */
export interface LetterFilter {
  owner?: string
  reason?: string
  redriven?: string
  since?: string
  until?: string
}

const NAMES = ['owner', 'reason', 'redriven', 'since', 'until'] as const

/** Only a viewer who sees all owners has a field for one. */
const fieldOf = (name: string) =>
  byId('filter', HTMLFormElement).elements.namedItem(name) as HTMLInputElement | HTMLSelectElement | null

/** The filter of the address, so that it survives a reload and can be passed on. */
export function readFilter(): LetterFilter {
  const given = new URLSearchParams(location.search)
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = given.get(name)
      return value ? [[name, value]] : []
    }),
  )
}

/** Fills the form, and calls `onChange` when it is submitted. */
export function startFilter(onChange: (filter: LetterFilter) => void): void {
  const filter = readFilter()
  const fields = NAMES.flatMap((name) => {
    const field = fieldOf(name)
    return field ? [[name, field] as const] : []
  })
  for (const [name, field] of fields) field.value = shown(name, filter[name] ?? '')
  byId('filter').addEventListener('submit', (event) => {
    event.preventDefault()
    const address = new URL(location.href)
    for (const [name, field] of fields) {
      const value = sent(name, field.value.trim())
      if (value === '') address.searchParams.delete(name)
      else address.searchParams.set(name, value)
    }
    history.replaceState(null, '', address)
    onChange(readFilter())
  })
}

const isTime = (name: string) => name === 'since' || name === 'until'

const sent = (name: string, value: string): string =>
  isTime(name) && value !== '' ? instantOf(value) : value

function shown(name: string, value: string): string {
  if (!isTime(name) || value === '') return value
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

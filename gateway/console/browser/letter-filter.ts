import { byId } from './dom.ts'
import { instantOf } from './period.ts'

/** What the list shows and a run sends; the same names as in the API. */
export interface LetterFilter {
  reason?: string
  redriven?: string
  since?: string
  until?: string
}

const NAMES = ['reason', 'redriven', 'since', 'until'] as const

const fieldOf = (name: string) =>
  byId('filter', HTMLFormElement).elements.namedItem(name) as HTMLInputElement | HTMLSelectElement

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
  for (const name of NAMES) fieldOf(name).value = shown(name, filter[name] ?? '')
  byId('filter').addEventListener('submit', (event) => {
    event.preventDefault()
    const address = new URL(location.href)
    for (const name of NAMES) {
      const value = sent(name, fieldOf(name).value)
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

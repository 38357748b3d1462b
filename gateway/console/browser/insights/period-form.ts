import { byId } from '../../../pages/browser/dom.ts'
import { addressValues, followForm } from '../forms/follow-form.ts'
import { ownerField } from '../forms/owner-field.ts'
import { periodParameters } from '../forms/period.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** Periods that end now. */
const hours = { hour: 1, day: 24, week: 168 } as const
type Range = keyof typeof hours | 'own'

const isRange = (name: string): name is Range => name === 'own' || Object.hasOwn(hours, name)

/** The period, as it is in the address. */
export function createPeriodForm() {
  const form = byId('period', HTMLFormElement)
  const range = byId('range', HTMLSelectElement)
  const since = byId('since', HTMLInputElement)
  const until = byId('until', HTMLInputElement)
  const owner = ownerField()
  const ofOwn = [...form.querySelectorAll<HTMLElement>('[data-of="own"]')]

  const chosen = (): Range => (isRange(range.value) ? range.value : 'hour')
  function showFields(): void {
    for (const field of ofOwn) field.hidden = chosen() !== 'own'
  }

  function values(): URLSearchParams {
    const own: [string, string][] = [
      ['since', since.value],
      ['until', until.value],
    ]
    const given: [string, string][] = [
      ['range', chosen()],
      ...(chosen() === 'own' ? own : []),
      ['owner', owner?.value.trim() ?? ''],
    ]
    return new URLSearchParams(given.filter(([, value]) => value !== ''))
  }

  range.addEventListener('change', () => {
    showFields()
    if (chosen() === 'own') since.focus()
    else form.requestSubmit()
  })

  return {
    /** Calls `apply` when the form was sent, or the address has changed. */
    onChange(apply: () => void): void {
      followForm(form, values, apply)
    },

    /** Shows the values of the address. */
    show(): void {
      const given = addressValues()
      const named = given.get('range') ?? ''
      range.value = isRange(named) ? named : 'hour'
      since.value = given.get('since') ?? ''
      until.value = given.get('until') ?? ''
      if (owner) owner.value = given.get('owner') ?? ''
      showFields()
    },

    endsNow: (): boolean => chosen() !== 'own' || until.value === '',

    /** As parameters of the API, from a whole minute; undefined if the period ends before it begins. */
    query(): URLSearchParams | undefined {
      const selected = chosen()
      const period =
        selected === 'own'
          ? periodParameters({ since: since.value, until: until.value })
          : { since: startOf(selected) }
      if (period === undefined) return undefined
      const name = owner?.value.trim() ?? ''
      return new URLSearchParams({ ...period, ...(name === '' ? {} : { owner: name }) })
    },
  }
}

function startOf(range: keyof typeof hours): string {
  const minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  return new Date(minute - hours[range] * HOUR_MS).toISOString()
}

import { byId, el } from '../../pages/browser/dom.ts'
import { addedKinds } from './added-kinds.ts'
import { ownerField } from './owner-field.ts'
import { periodParameters } from './period.ts'

const fields = ['customer', 'product', 'since', 'until'] as const
type Field = (typeof fields)[number] | 'owner'

/**
 * The form of the view. Its values are in the fragment of the address, which browsers never send, because they may
 * name a customer.
 */
export function createFilterForm() {
  const form = byId('filter', HTMLFormElement)
  const kinds = () => [...form.querySelectorAll<HTMLInputElement>('input[name=kind]')]
  const inputs: [Field, HTMLInputElement][] = fields.map((field) => [field, byId(field, HTMLInputElement)])
  const owner = ownerField()
  if (owner) inputs.push(['owner', owner])

  const chosenKinds = () => new URLSearchParams(location.hash.slice(1)).get('kind')?.split(',')

  /** Checked by default: added kinds have a message. */
  function offerKind(kind: string): void {
    if (kinds().some(({ value }) => value === kind)) return
    const input = el('input', { type: 'checkbox', name: 'kind', value: kind, checked: true })
    input.checked = chosenKinds()?.includes(kind) ?? true
    form.querySelector('.kinds')?.append(el('label', {}, input, ` ${kind}`))
  }

  function address(): string {
    const chosen = kinds()
      .filter(({ checked }) => checked)
      .map(({ value }) => value)
    const isDefault = kinds().every(({ checked, defaultChecked }) => checked === defaultChecked)
    const given = inputs.flatMap(([field, { value }]) => (value.trim() ? [[field, value.trim()]] : []))
    return new URLSearchParams([...(isDefault ? [] : [['kind', chosen.join(',')]]), ...given]).toString()
  }

  function showKinds(): void {
    const chosen = chosenKinds()
    chosen?.forEach(offerKind)
    for (const kind of kinds()) kind.checked = chosen?.includes(kind.value) ?? kind.defaultChecked
  }
  void addedKinds().then((added) => added.forEach(offerKind))

  return {
    /** Calls `apply` when the values were changed, by the form or by the address. */
    onChange(apply: () => void): void {
      form.addEventListener('submit', (event) => {
        event.preventDefault()
        if (address() === location.hash.slice(1)) apply()
        else location.hash = address()
      })
      form.addEventListener('reset', () => {
        location.hash = ''
      })
      addEventListener('hashchange', apply)
    },

    /** Shows the values of the address. */
    show(): void {
      const given = new URLSearchParams(location.hash.slice(1))
      showKinds()
      for (const [field, input] of inputs) input.value = given.get(field) ?? ''
    },

    /** As parameters of the API; undefined if the period ends before it begins. */
    query(): URLSearchParams | undefined {
      const { since = '', until = '', ...others } = Object.fromEntries(new URLSearchParams(address()))
      const period = periodParameters({ since, until })
      return period && new URLSearchParams({ ...(others as Record<string, string>), ...period })
    },
  }
}

/** The address of this view for one customer. */
export const customerAddress = (customer: string): string => `#customer=${customer}`

import { byId, el } from '../../../pages/browser/dom.ts'
import { addedKinds } from '../added-kinds.ts'
import { addressValues, followForm } from '../forms/follow-form.ts'
import { ownerField } from '../forms/owner-field.ts'
import { periodParameters } from '../forms/period.ts'

const fields = ['customer', 'product', 'since', 'until'] as const
type Field = (typeof fields)[number] | 'owner'

/** Of the address; undefined: those that are checked by default. */
const chosenKinds = () => addressValues().get('kind')?.split(',')

/** The form of the view. */
export function createFilterForm() {
  const form = byId('filter', HTMLFormElement)
  const kinds = () => [...form.querySelectorAll<HTMLInputElement>('input[name=kind]')]
  const inputs: [Field, HTMLInputElement][] = fields.map((field) => [field, byId(field, HTMLInputElement)])
  const owner = ownerField()
  if (owner) inputs.push(['owner', owner])

  /** Checked by default: added kinds have a message. */
  function offerKind(kind: string): void {
    if (kinds().some(({ value }) => value === kind)) return
    const input = el('input', { type: 'checkbox', name: 'kind', value: kind, checked: true })
    input.checked = chosenKinds()?.includes(kind) ?? true
    form.querySelector('.kinds')?.append(el('label', {}, input, ` ${kind}`))
  }

  function values(): URLSearchParams {
    const chosen = kinds()
      .filter(({ checked }) => checked)
      .map(({ value }) => value)
    const isDefault = kinds().every(({ checked, defaultChecked }) => checked === defaultChecked)
    const given = inputs.flatMap(([field, { value }]) => (value.trim() ? [[field, value.trim()]] : []))
    return new URLSearchParams([...(isDefault ? [] : [['kind', chosen.join(',')]]), ...given])
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
      followForm(form, values, apply)
    },

    /** Shows the values of the address. */
    show(): void {
      const given = addressValues()
      showKinds()
      for (const [field, input] of inputs) input.value = given.get(field) ?? ''
    },

    /** As parameters of the API; undefined if the period ends before it begins. */
    query(): URLSearchParams | undefined {
      const { since = '', until = '', ...others } = Object.fromEntries(values())
      const period = periodParameters({ since, until })
      return period && new URLSearchParams({ ...(others as Record<string, string>), ...period })
    },
  }
}

/** The address of this view for one customer. */
export const customerAddress = (customer: string): string => `#customer=${customer}`

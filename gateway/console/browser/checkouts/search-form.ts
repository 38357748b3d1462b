import { byId } from '../../../pages/browser/dom.ts'
import { addedKinds } from '../added-kinds.ts'
import { addressValues, followForm } from '../forms/follow-form.ts'
import { ownerField } from '../forms/owner-field.ts'

/** The form, as it is in the address. */
const fields = ['text', 'kind', 'owner', 'since', 'until'] as const
export type SearchValues = Record<(typeof fields)[number], string>

const parametersOf = (values: Partial<SearchValues>): URLSearchParams =>
  new URLSearchParams(fields.flatMap((field) => (values[field] ? [[field, values[field]]] : [])))

/** Of the view with these values. */
export const searchAddress = (values: Partial<SearchValues>): string => `#${parametersOf(values).toString()}`

/** The form of the view. */
export function createSearchForm() {
  const form = byId('search', HTMLFormElement)
  const inputs = {
    text: byId('search-text', HTMLInputElement),
    kind: byId('kind', HTMLSelectElement),
    owner: ownerField(),
    since: byId('since', HTMLInputElement),
    until: byId('until', HTMLInputElement),
  }

  /** An address may name a kind that is not known yet. */
  function offerKind(kind: string): void {
    const isOffered = [...inputs.kind.options].some(({ value }) => value === kind)
    if (!isOffered) inputs.kind.append(new Option(kind, kind))
  }
  void addedKinds().then((kinds) => kinds.forEach(offerKind))

  const read = (): SearchValues => ({
    text: inputs.text.value.trim(),
    kind: inputs.kind.value,
    owner: inputs.owner?.value.trim() ?? '',
    since: inputs.since.value,
    until: inputs.until.value,
  })

  return {
    read,
    hasOwner: inputs.owner !== undefined,

    /** Calls `search` when the form was sent, or the address has changed. */
    onSearch(search: () => void): void {
      followForm(form, () => parametersOf(read()), search)
    },

    /** Shows the values of the address. */
    show(): void {
      const given = addressValues()
      offerKind(given.get('kind') ?? '')
      for (const field of fields) {
        const input = inputs[field]
        if (input) input.value = given.get(field) ?? ''
      }
    },
  }
}

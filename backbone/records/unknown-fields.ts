import { foldedName, nearestName } from '../nearest-name.ts'
import { checkoutSchema } from './checkout.ts'
import { isObject } from './correct-checkout.ts'
import { type Fault, jsonPointer } from './fault.ts'

/** A field that is not stored. */
export interface Warning {
  /** JSON pointer (RFC 6901) of the field. */
  pointer: string
  code: 'unknown_field'
  didYouMean?: string
}

/** For one checkout; further ones are not reported. */
export const MOST_WARNINGS = 20

const known = (names: readonly string[]) => ({
  names,
  set: new Set(names),
  byFolded: new Map(names.map((name) => [foldedName(name), name])),
})
type Known = ReturnType<typeof known>

const fields = Object.keys(checkoutSchema.shape)
const ofPlace = known(Object.keys(checkoutSchema.shape.ubicacion.shape))

/**
 * Finds unknown fields of a checkout and of its `ubicacion`. `misnamed` are those whose name differs from a
 * known one only by case, accents, `_` or `-`: dropping them would lose values by mistake. `more` are further
 * known fields of the request.
 */
export function createUnknownFieldFinder(more: readonly string[] = []) {
  const ofCheckout = known([...fields, ...more])

  return (raw: unknown): { warnings: Warning[]; misnamed: Fault[] } => {
    const warnings: Warning[] = []
    const misnamed: Fault[] = []
    if (!isObject(raw)) return { warnings, misnamed }

    function look(value: Record<string, unknown>, path: string[], { names, set, byFolded }: Known) {
      for (const field of Object.keys(value)) {
        if (set.has(field)) continue
        const pointer = jsonPointer([...path, field])
        const same = byFolded.get(foldedName(field))
        if (same !== undefined && misnamed.length < MOST_WARNINGS)
          misnamed.push({
            pointer,
            code: 'unknown_field',
            detail: `is an unknown field; did you mean ${same}?`,
          })
        if (warnings.length >= MOST_WARNINGS) continue
        const didYouMean = same ?? nearestName(field, names)
        warnings.push({
          pointer,
          code: 'unknown_field',
          ...(didYouMean === undefined ? {} : { didYouMean }),
        })
      }
    }

    look(raw, [], ofCheckout)
    if (isObject(raw.ubicacion)) look(raw.ubicacion, ['ubicacion'], ofPlace)
    return { warnings, misnamed }
  }
}

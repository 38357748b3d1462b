import { foldedName, nearestName } from '../nearest-name.ts'
import { checkoutSchema, MOST_STAGES } from './checkout.ts'
import { isObject } from './correct-checkout.ts'
import { type Fault, jsonPointer } from './fault.ts'
import { MOST_WARNINGS, type Warning } from './warning.ts'

const known = (names: readonly string[]) => ({
  names,
  set: new Set(names),
  byFolded: new Map(names.map((name) => [foldedName(name), name])),
})
type Known = ReturnType<typeof known>

const fields = Object.keys(checkoutSchema.shape)
const ofPlace = known(Object.keys(checkoutSchema.shape.ubicacion.shape))
const ofStage = known(Object.keys(checkoutSchema.shape.recorrido.unwrap().element.shape))

/**
 * Finds unknown fields of a checkout, of its `ubicacion` and of the stages of its `recorrido`. `misnamed` has each field
 * whose name differs from a known one only by case, accents, `_` or `-`: dropping it would lose its value by mistake.
 * `more` are further known fields of the request.
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
    if (Array.isArray(raw.recorrido))
      for (const [index, stage] of raw.recorrido.slice(0, MOST_STAGES).entries())
        if (isObject(stage)) look(stage, ['recorrido', String(index)], ofStage)
    return { warnings, misnamed }
  }
}

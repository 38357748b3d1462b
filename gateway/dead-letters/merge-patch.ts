import { isObject } from '../../backbone/records/correct-checkout.ts'

/** JSON Merge Patch (RFC 7396): the fields of the patch replace those of the target; null removes a field. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === undefined) return target
  if (!isObject(patch)) return patch
  // Not by assignment: a field may have the name `__proto__`.
  const fields = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) fields.delete(name)
    else fields.set(name, mergePatch(fields.get(name), value))
  }
  return Object.fromEntries(fields)
}

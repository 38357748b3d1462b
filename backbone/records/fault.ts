/** Stable codes of field faults, and their meanings. docs/reference/errors.md lists them. */
export const faultCodes = {
  missing: 'A required field is absent, `null` or empty',
  type: 'The value has the wrong JSON type',
  format: 'The text does not have the required form',
  length: 'The text or list is too long',
  range: 'The number is too small or too large',
  unknown_field:
    'The field does not exist. An error when its name differs from a known one only by case, accents, `_` or `-`',
} as const

export type FaultCode = keyof typeof faultCodes

export interface Fault {
  /** JSON pointer (RFC 6901) of the field. */
  pointer: string
  code: FaultCode
  /** Description of the fault. It never contains the value that was sent. */
  detail: string
}

/**
 * RFC 6901: `~` and `/` are escaped within a segment; the empty pointer is the whole document. Half of a surrogate pair in
 * the name of a field is U+FFFD here.
 */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path
    .map((segment) => `/${String(segment).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}

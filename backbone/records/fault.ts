/** Stable codes of what can be wrong with a field, and what each means. docs/reference/errors.md lists them. */
export const faultCodes = {
  missing: 'A required field is absent, `null` or empty',
  type: 'The value has the wrong JSON type',
  format: 'The text does not have the required form',
  length: 'The text is too long',
  range: 'The number is too small or too large',
  unknown_field:
    'The field does not exist. An error when its name differs from a known one only by case, accents, `_` or `-`',
} as const

export type FaultCode = keyof typeof faultCodes

/** One fault of the input. */
export interface Fault {
  /** JSON pointer (RFC 6901) of the field. */
  pointer: string
  code: FaultCode
  /** A plain sentence about the field. It never holds the value that was sent. */
  detail: string
}

/** RFC 6901: `~` and `/` are escaped within a segment; the whole document is the empty pointer. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

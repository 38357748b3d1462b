/** Stable codes of warnings, and their meanings. docs/reference/errors.md lists them. */
export const warningCodes = {
  unknown_field: 'The field does not exist, and is not stored',
  sum_mismatch:
    'The seconds of all stages differ from `taps` by more than a minute and more than 10 %. The checkout is stored as it is',
} as const

/** Something odd in a checkout that is no fault. */
export interface Warning {
  /** JSON pointer (RFC 6901) of the field. */
  pointer: string
  code: keyof typeof warningCodes
  didYouMean?: string
}

/** For one checkout; further ones are not reported. */
export const MOST_WARNINGS = 20

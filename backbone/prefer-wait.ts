const MAX_WAIT_SECONDS = 30

/** Seconds of the preference `wait` (RFC 7240, section 4.3), at most 30; 0 without one. */
export function preferredWait(prefer: string | undefined): number {
  const wait = prefer
    ?.split(',')
    .map((preference) => /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference)?.[1])
    .find((seconds) => seconds !== undefined)
  return Math.min(Number(wait ?? 0), MAX_WAIT_SECONDS)
}

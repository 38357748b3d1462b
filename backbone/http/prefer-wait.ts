import { preference } from './preferences.ts'

const MAX_WAIT_SECONDS = 30

/** Seconds of the preference `wait` (RFC 7240, section 4.3), at most 30; 0 without one. */
export function preferredWait(prefer: string | undefined): number {
  const wait = preference(prefer, 'wait') ?? ''
  return /^\d{1,9}$/.test(wait) ? Math.min(Number(wait), MAX_WAIT_SECONDS) : 0
}

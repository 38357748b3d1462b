import type { Words } from '../text/en/verdicts.ts'
import { count, duration, rate } from './format.ts'

const writers: Record<string, (value: number) => string> = {
  seconds: duration,
  clearedIn: duration,
  perSecond: rate,
  percent: rate,
}

/** The values of a verdict or an event, written for a sentence. */
export const wordsOf = (details: Record<string, string | number>): Words =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'number' ? (writers[name] ?? count)(value) : value,
    ]),
  )

const SECOND_MS = 1_000
const UNIT_MS: Record<string, number> = { ms: 1, s: SECOND_MS, m: 60_000, h: 3_600_000, d: 86_400_000 }
const FORM = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/
const PART = /([\d.]+)([a-z]+)/g

/** Milliseconds; undefined if invalid. `forever` is Infinity, a number is milliseconds, as in k6. */
export function parseDuration(duration: string | number): number | undefined {
  if (typeof duration === 'number') return duration >= 0 ? duration : undefined
  if (duration === 'forever') return Number.POSITIVE_INFINITY
  if (!FORM.test(duration)) return undefined
  const parts = [...duration.matchAll(PART)]
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0)
}

/** Formats as a user would write it: `1m30s`, `7.04s`, `500ms`. */
export function formatDuration(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'forever'
  let rest = Math.round(ms)
  if (rest < SECOND_MS) return rest === 0 ? '0s' : `${rest}ms`
  const large = ['d', 'h', 'm'].map((unit) => {
    const size = UNIT_MS[unit] ?? 1
    const count = Math.floor(rest / size)
    rest -= count * size
    return count > 0 ? `${count}${unit}` : ''
  })
  return `${large.join('')}${rest > 0 ? `${rest / SECOND_MS}s` : ''}`
}

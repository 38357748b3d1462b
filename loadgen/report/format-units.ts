const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0)
  return value.toFixed(value >= 9.995 ? 1 : 2)
}

/** `0.25 ms`, `12.3 ms`, `450 ms`, `1.23 s`. */
export function formatMs(ms: number): string {
  return ms < 999.5 ? `${threeDigits(ms)} ms` : `${threeDigits(ms / 1_000)} s`
}

/** `0.25/s`, `12.5/s`, `500/s`; without separators, so that it can be used in lists with commas. */
export function formatRate(perSecond: number): string {
  const digits = perSecond >= 100 ? 0 : perSecond >= 1 ? 1 : 2
  return `${Number(perSecond.toFixed(digits))}/s`
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return grouped.format(count)
}

/** How often a number can be divided by a thousand, at most `most` times: twice for megabytes. */
export const thousandsIn = (count: number, most: number): number =>
  Math.min(most, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)))

/** `12.3 s`, `5 m 07 s`, `2 h 05 m`, `3 d 04 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} m ${twoPlaces(seconds % 60)} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${twoPlaces(minutes % 60)} m`
  return `${formatCount(Math.floor(hours / 24))} d ${twoPlaces(hours % 24)} h`
}

const twoPlaces = (value: number) => String(value).padStart(2, '0')

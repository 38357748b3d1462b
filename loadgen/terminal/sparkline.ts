const BARS = '▁▂▃▄▅▆▇█'

/** A bar for each value, from zero to `max`; a gap for a missing value. */
export function sparkline(values: (number | undefined)[], max: number): string {
  const bar = (value: number) => BARS.charAt(Math.ceil((value / max) * BARS.length) - 1) || BARS.charAt(0)
  return values.map((value) => (value === undefined ? ' ' : bar(value))).join('')
}

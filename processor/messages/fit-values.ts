const ELLIPSIS = '…'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * The values, the longest ones cut so that all together have at most `room` UTF-16 units: each may have the same
 * length, and what shorter ones leave is for longer ones. A value is cut between characters as readers see them
 * (extended grapheme clusters, UAX #29), and ends in an ellipsis.
 */
export function fitValues(values: readonly string[], room: number): string[] {
  const most = longestAllowed(
    values.map(({ length }) => length),
    room,
  )
  return values.map((value) => (value.length <= most ? value : cut(value, most)))
}

function longestAllowed(lengths: readonly number[], room: number): number {
  let left = room
  for (const [index, length] of lengths.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - index))
    if (length > share) return share
    left -= length
  }
  return Number.POSITIVE_INFINITY
}

function cut(value: string, most: number): string {
  const end = most - ELLIPSIS.length
  if (end <= 0) return ''
  // The text may be long. Whether a character ends here depends on what is before, and on the next code point.
  const { index = 0 } = graphemes.segment(value.slice(0, end + 2)).containing(end) ?? {}
  return value.slice(0, index) + ELLIPSIS
}

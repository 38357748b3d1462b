const NOT_BASE_UNITS =
  'milliseconds microseconds nanoseconds minutes hours days weeks bits kilobytes megabytes gigabytes percent'.split(
    ' ',
  )
const ABBREVIATIONS = 's ms us ns sec b kb mb gb tb pb m h d'.split(' ')
const TYPES = ['counter', 'gauge', 'histogram', 'summary']

/**
 * Faults of a `/metrics` answer, by the rules of `promtool check metrics` (promlint in
 * prometheus/client_golang).
 */
export function lintMetrics(text: string): string[] {
  const lines = text.split('\n')
  const withHelp = new Set(lines.map((line) => /^# HELP (\S+) ./.exec(line)?.[1]))
  return lines
    .map((line) => /^# TYPE (\S+) (\S+)$/.exec(line))
    .filter((match) => match !== null)
    .flatMap(([, name = '', type = '']) => {
      const words = name.split('_')
      const has = (some: string[]) => words.some((word) => some.includes(word))
      const faults: [boolean, string][] = [
        [!withHelp.has(name), 'has no help text'],
        [(type === 'counter') !== name.endsWith('_total'), 'a counter, and nothing else, ends with _total'],
        [/_(?:bucket|count|sum)$/.test(name), 'has a suffix that is reserved for histograms'],
        [!/^[a-z0-9_]+$/.test(name), 'is not in snake_case'],
        [has(NOT_BASE_UNITS), 'is not in a base unit'],
        [has(ABBREVIATIONS), 'has an abbreviated unit'],
        [has(TYPES), 'names its type'],
      ]
      return faults.filter(([isFault]) => isFault).map(([, fault]) => `${name} ${fault}`)
    })
}

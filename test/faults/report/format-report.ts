import type { Violation } from '../judge/violation.ts'
import type { KindFigures } from './fault-figures.ts'
import type { FaultReport } from './fault-report.ts'

const SHOWN_OF_EACH = 3

const seconds = (ms: number | undefined) => (ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`)
const count = (number: number) => number.toLocaleString('en-US')
const listed = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, number]) => `${name} ${count(number)}`)
    .join(', ') || 'none'

const columns: [heading: string, of: (kind: KindFigures) => string][] = [
  ['fault', ({ name }) => name],
  ['injected', ({ injected }) => count(injected)],
  ['refused', ({ refused }) => count(refused)],
  ['longest without ack', (kind) => seconds(kind.longestWithoutAckMs)],
  ['longest without outcome', (kind) => seconds(kind.longestWithoutOutcomeMs)],
  ['p99 of POST', (kind) => seconds(kind.p99PostMs)],
  ['recovered after', (kind) => seconds(kind.wellAfterMs)],
]

function table(kinds: KindFigures[]): string[] {
  const rows = [
    columns.map(([heading]) => heading),
    ...kinds.map((kind) => columns.map(([, of]) => of(kind))),
  ]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
  return rows.map((row) => line(row).join('  '))
}

function formatViolation({ what, eventIds, around }: Violation): string {
  return [
    what,
    ...(eventIds.length > 0 ? [`  event ids: ${eventIds.join(', ')}`] : []),
    ...around.map((record) => `  ${record}`),
  ].join('\n')
}

/** Some of each invariant; the JSON report has more. */
export function formatViolations(violations: Violation[]): string[] {
  if (violations.length === 0) return ['All invariants held.']
  return [...Map.groupBy(violations, ({ invariant }) => invariant)].flatMap(([invariant, broken]) => {
    const shown = broken.slice(0, SHOWN_OF_EACH).map(formatViolation)
    const more = broken.length - shown.length
    return [`${invariant} was broken:`].concat(shown, more > 0 ? `and ${more} more of ${invariant}` : [])
  })
}

/** The report as text. */
export function formatReport({ counts, refusals, kinds, resources, tail, violations }: FaultReport): string {
  const memory = Object.entries(resources).map(
    ([name, { startMb, peakMb, peakAtS, endMb, startDescriptors = '-', endDescriptors = '-' }]) =>
      `${name}: ${startMb} / ${peakMb} (at ${peakAtS} s) / ${endMb} MB, ${startDescriptors} → ${endDescriptors} descriptors`,
  )
  return [
    ...(kinds.length > 0 ? table(kinds) : ['no fault was injected']),
    ...(kinds.some(({ wellAfterMs }) => wellAfterMs === undefined)
      ? ['–: other faults came before the recovery']
      : []),
    '',
    `sent ${count(counts.sent)}, acknowledged ${count(counts.acknowledged)}, given up ${count(counts.givenUp)}`,
    `acknowledged at the first attempt ${(refusals.atFirstAttempt * 100).toFixed(1)} %; attempts without a 202: ${listed(refusals.byReason)}`,
    `DataTopic ${count(counts.dataRecords)} records, of them repetitions ${count(counts.repetitions)}`,
    `outcomes ${count(counts.outcomes)}: ${listed(counts.byKind)}; of the invalid ones, conflicts ${count(counts.conflicts)}; dead letters ${count(counts.deadLetters)}`,
    `streams: ${count(counts.streamed)} notifications read by ${counts.subscribers} subscribers, resumed ${count(counts.resumed)} times`,
    `repeated requests checked ${count(counts.replaysChecked)}, keys reused for another body ${count(counts.keysReused)}`,
    `longest wait for an outcome after the last fault (from 30 s on): ${tail.longestWaitMs === undefined ? 'the load had ended' : seconds(tail.longestWaitMs)}; lag gone after the last arrival: ${seconds(tail.noLagAfterMs)}`,
    'resident memory at the start, peak and end:',
    ...memory.map((line) => `  ${line}`),
    '',
    ...formatViolations(violations),
  ].join('\n')
}

import type { ProcessStatus } from './probe.ts'

const WIDTH = 80
const HEADS = ['process', 'port', 'pid', 'health', 'lag', 'up', 'restarts']
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A table of the processes, their problems and the remedies, in lines of at most 80 columns. */
export function formatStatus(statuses: readonly ProcessStatus[], kafka: string): string {
  const rows = statuses.map(({ name, port, pid, health, lag, uptimeMs, restarts }) => [
    name,
    String(port),
    pid === undefined ? '-' : String(pid),
    health,
    typeof lag === 'number' ? lag.toLocaleString('en') : '-',
    pid === undefined ? '-' : formatUptime(uptimeMs),
    String(restarts),
  ])
  const widths = HEADS.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const table = [HEADS, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const remarks = statuses.flatMap(({ name, remarks: each }) =>
    each.map((remark) => wrap(`${name}: ${remark}`)),
  )
  const unhealthy = statuses.filter(({ health }) => health !== 'ready').length
  const verdict = unhealthy === 0 ? 'all is well' : `${unhealthy} of ${statuses.length} need attention`
  return [...table, '', ...new Set(remarks), `Kafka ${kafka}; ${verdict}`].join('\n')
}

function formatUptime(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`
  return ms < DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} d`
}

function wrap(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(last === undefined ? word : `  ${word}`)
  }
  return lines.join('\n')
}

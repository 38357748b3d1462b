import type { Progress } from '../progress.ts'
import { formatMs, formatRate } from '../report/format-units.ts'
import { oneLine } from './styled-line.ts'

const SHOWN_FAILURES = 5

/** One plain line, for logs. Rare figures are shown only if they are not zero. */
export function formatProgress(progress: Progress): string {
  const { sent, accepted, failures, dropped, retries, inFlight, duration, delay } = progress
  const { outstanding, duplicated, broken } = progress
  const parts = [
    ...rates(progress),
    `sent ${sent}`,
    `accepted ${accepted}`,
    failed(failures),
    `dropped ${dropped}`,
    ...(retries > 0 ? [`retries ${retries}`] : []),
    `in flight ${inFlight}`,
    ...(duration ? [`p99 ${formatMs(duration.p99)}`] : []),
    ...(delay ? [`notified p99 ${formatMs(delay.p99)}`] : []),
    ...(outstanding === undefined ? [] : [`outcomes outstanding ${outstanding}`]),
    ...(duplicated > 0 ? [`duplicated ${duplicated}`] : []),
    ...(broken.length > 0 ? [`broken: ${broken.join('; ')}`] : []),
  ]
  return oneLine(`${time(progress)}: ${parts.join(', ')}`)
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`

function time({ phase, elapsedMs, plannedMs }: Progress): string {
  const end = plannedMs === Number.POSITIVE_INFINITY ? ', no end' : ` of ${seconds(plannedMs)}`
  return `${phase} ${seconds(elapsedMs)}${end}`
}

function rates({ askedRate, rateFactor, sentRate }: Progress): string[] {
  const sent = `${formatRate(sentRate)} sent`
  if (askedRate === undefined) return [sent]
  const factor = rateFactor === 1 ? '' : ` (x${Number(rateFactor.toFixed(2))})`
  return [`${formatRate(askedRate)} planned${factor}`, sent]
}

function failed(failures: ReadonlyMap<string, number>): string {
  const kinds = [...failures].toSorted(([, a], [, b]) => b - a)
  const total = kinds.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return 'failed 0'
  const shown = kinds.slice(0, SHOWN_FAILURES).map(([why, count]) => `${why}: ${count}`)
  const more = kinds.length - shown.length
  return `failed ${total} (${[...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')})`
}

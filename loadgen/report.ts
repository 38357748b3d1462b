import type { LoadSummary, Progress } from './load-test.ts'
import { isProven } from './outcome-ledger.ts'
import type { Percentiles } from './times.ts'
import type { OutcomeFigures } from './verification.ts'

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
const perSecond = (count: number, ms: number) => `${(count / (ms / 1000)).toFixed(1)}/s`
const ms = (value: number) => `${value.toFixed(value < 100 ? 2 : 0)} ms`
const row = (name: string, ...values: string[]) => `${name.padEnd(22)}${values.join('  ')}`

function times({ p50, p95, p99, max }: Percentiles): string {
  return `p50 ${ms(p50)}  p95 ${ms(p95)}  p99 ${ms(p99)}  max ${ms(max)}`
}

/** One line for the time it takes. */
export function formatProgress({ phase, elapsedMs, requests, outstanding }: Progress): string {
  const { sent, accepted, failures, dropped, inFlight } = requests
  const refused = [...failures.values()].reduce((sum, count) => sum + count, 0)
  const counts = [
    `sent ${sent}`,
    `accepted ${accepted}`,
    `refused ${refused}`,
    `dropped ${dropped}`,
    `in flight ${inFlight}`,
    ...(outstanding === undefined ? [] : [`outcomes outstanding ${outstanding}`]),
  ]
  return `${phase} ${seconds(elapsedMs)}: ${counts.join(', ')}`
}

export function formatSummary({
  options,
  sendingMs,
  requests,
  times: measured,
  outcomes,
}: LoadSummary): string {
  const { sent, accepted, failures, dropped, inFlight } = requests
  const refusals = [...failures].toSorted(([, a], [, b]) => b - a)
  return [
    row('target', options.target),
    row('asked', `${options.rate}/s for ${seconds(options.durationMs)}, seed ${options.seed}`),
    row('sent', `${sent}`, `${perSecond(sent, sendingMs)} for ${seconds(sendingMs)}`),
    row('accepted', `${accepted}`),
    row('refused', `${sent - accepted - inFlight}`, ...refusals.map(([why, count]) => `${why}: ${count}`)),
    ...(inFlight > 0 ? [row('without an answer yet', `${inFlight}`)] : []),
    row('dropped_iterations', `${dropped}`),
    row('http_req_duration', times(measured.all)),
    ...(accepted < sent && accepted > 0 ? [row('  of the accepted', times(measured.accepted))] : []),
    row('  sent late by', times(measured.lateness)),
    ...(outcomes ? outcomeRows(outcomes) : []),
  ].join('\n')
}

function outcomeRows({ verdict, stream, delay }: OutcomeFigures): string[] {
  const { accepted, single, missing, doubled, wrongKind, wrongText, lookedUp, examples } = verdict
  const fault = (name: string, count: number, ids: string[]) =>
    row(`  ${name}`, `${count}`, ...(ids.length > 0 ? [`such as ${ids.join(' ')}`] : []))
  const rare = (name: string, count: number) => (count > 0 ? [row(`  ${name}`, `${count}`)] : [])
  return [
    row('exactly one outcome', `${single} of ${accepted}`),
    ...rare('not on the stream', lookedUp),
    fault('missing', missing, examples.missing),
    fault('doubled', doubled, examples.doubled),
    fault('wrong kind', wrongKind, examples.wrongKind),
    fault('wrong text', wrongText, examples.wrongText),
    ...rare('unreadable', stream.unreadable),
    ...rare('gaps in the stream', stream.gaps),
    ...rare('stream reconnects', stream.reconnects),
    ...(delay
      ? [row('POST to notification', times(delay.fromPost)), row('  from the due time', times(delay.fromDue))]
      : []),
  ]
}

/** What makes the run a failure, in a line; undefined when it is none. */
export function failureOf({ requests, outcomes }: LoadSummary): string | undefined {
  if (requests.accepted === 0) return 'nothing was accepted'
  if (!outcomes) return undefined
  const proven = isProven(outcomes.verdict) && outcomes.stream.unreadable === 0
  return proven ? undefined : 'not every accepted checkout came out exactly once and right'
}

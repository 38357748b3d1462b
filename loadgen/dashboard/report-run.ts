import { randomUUID } from 'node:crypto'
import type { LoadOptions } from '../options/load-options.ts'
import type { Progress } from '../progress.ts'
import { createKeepAliveClient } from '../sending/keep-alive-client.ts'
import { postHead } from '../sending/post-head.ts'
import { RequestError } from '../sending/request-error.ts'
import { sleep } from '../sleep.ts'
import { createLoadFigures } from './load-figures.ts'

const EVERY_MS = 1_000
// A report that takes longer must not delay the next one.
const TIMEOUT_MS = 800
// By then the figures of a second are complete (see load-test.ts).
const AFTER_SECOND_MS = 150
// An early timer must not report the same second twice; nor must the clock that starts again when the threads begin.
const LEAST_INTERVAL_MS = 500

/** Statuses of a target that will not take the next report either. */
const REFUSALS: Record<number, string> = {
  401: 'the target requires an API key: name a file with one that has the scope operate with --key-file',
  403: 'the API key of --key-file must have the scope operate',
  404: 'the target has no POST /operations/load: is it an older gateway?',
}

export interface RunReports {
  /** Why the operations page will not show the run; undefined if it may. */
  refusal: string | undefined
  /** Reports the end of the run. Returns how many reports failed, in words; undefined if none did. */
  end: () => Promise<string | undefined>
}

/**
 * Reports the figures of a run to its target once a second, until its end. Nothing that the target does to a report
 * changes the run: one request at a time, with a short timeout and a connection of its own, and no retries.
 */
export async function reportRun(options: LoadOptions, progress: () => Progress): Promise<RunReports> {
  const url = new URL(`${options.target}/operations/load`)
  const head = postHead(url, options.credential)
  const client = createKeepAliveClient(url, TIMEOUT_MS)
  const figuresOf = createLoadFigures(options, randomUUID())
  const failures = new Map<string | number, number>()
  let reports = 0
  let reportedAt = 0

  async function report(ends: boolean): Promise<number | string> {
    reportedAt = performance.now()
    const body = JSON.stringify(figuresOf(progress(), ends))
    const request = Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    const outcome = await client.request(request).then(
      ({ status }) => status,
      (error: unknown) => RequestError.from(error).failure,
    )
    reports++
    if (outcome !== 204) failures.set(outcome, (failures.get(outcome) ?? 0) + 1)
    return outcome
  }

  async function reportRegularly(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const sinceDueMs = (progress().elapsedMs + EVERY_MS - AFTER_SECOND_MS) % EVERY_MS
      const pauseMs = EVERY_MS - sinceDueMs
      const isTooSoon = performance.now() + pauseMs - reportedAt < LEAST_INTERVAL_MS
      await sleep(isTooSoon ? pauseMs + EVERY_MS : pauseMs, over)
      if (!over.aborted) await report(false)
    }
  }

  const refusal = REFUSALS[Number(await report(false))]
  const over = new AbortController()
  const reporting = refusal === undefined ? reportRegularly(over.signal) : undefined

  async function end(): Promise<string | undefined> {
    over.abort()
    if (reporting) {
      await reporting
      await report(true)
    }
    client.close()
    return refusal === undefined ? failureText(reports, failures) : undefined
  }
  let ending: ReturnType<typeof end> | undefined
  return { refusal, end: () => (ending ??= end()) }
}

function failureText(reports: number, failures: ReadonlyMap<string | number, number>): string | undefined {
  const failed = failures.values().reduce((sum, count) => sum + count, 0)
  if (failed === 0) return undefined
  const reasons = [...failures].map(([why, count]) => `${why}: ${count}`).join(', ')
  return `--dashboard: ${failed} of ${reports} reports failed (${reasons})`
}

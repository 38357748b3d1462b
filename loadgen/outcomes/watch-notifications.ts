import { classifiedKinds, type Outcome, outcomeSchema } from '../../backbone/records/outcome.ts'
import { adviceOn } from '../advice.ts'
import { now } from '../clock.ts'
import { RequestError } from '../sending/request-error.ts'
import { sleep } from '../sleep.ts'
import type { Target } from '../target.ts'
import { createSseReader } from './sse-reader.ts'

const KINDS = classifiedKinds.join(',')
const OPEN_WITHIN_MS = 15_000
// The stream sends something at least every 15 s, such as a checkpoint.
const SILENCE_MS = 50_000
const FIRST_RETRY_MS = 1_000
// Bounds of the retry time of the stream: neither a flood of requests nor a lost connection.
const LEAST_RETRY_MS = 10
const MOST_RETRY_MS = 5_000

const WITHOUT_STREAM = 'if the target has no stream, use --no-verify'

const adviceOnStream = (status: number): string => {
  if (status >= 500) return 'are its processors ready?'
  return (status === 404 ? undefined : adviceOn(status)) ?? WITHOUT_STREAM
}

export interface StreamFigures {
  reconnects: number
  /** Number of reported gaps. */
  gaps: number
  /** Notifications that were not outcomes. */
  unreadable: number
}

/** Follows the stream from now on, and resumes it after a lost connection. */
export function watchNotifications(
  { target, credential }: Target,
  onOutcome: (outcome: Outcome, at: number) => void,
) {
  const closed = new AbortController()
  const opened = Promise.withResolvers<void>()
  const figures: StreamFigures = { reconnects: 0, gaps: 0, unreadable: 0 }
  let lastEventId: string | undefined
  let retryMs = FIRST_RETRY_MS
  let arrivedAt = 0
  let frames = 0
  let following: Promise<void> | undefined

  function take(data: string) {
    let outcome: Outcome
    try {
      outcome = outcomeSchema.parse(JSON.parse(data))
    } catch {
      figures.unreadable++
      return
    }
    onOutcome(outcome, arrivedAt)
  }

  /** Until the server ends it. */
  async function followOnce(): Promise<void> {
    const given = new AbortController()
    const timer = setTimeout(() => given.abort(new RequestError('timeout')), SILENCE_MS)
    try {
      const response = await fetch(`${target}/notifications/stream?kind=${KINDS}`, {
        headers: {
          accept: 'text/event-stream',
          ...credential,
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        signal: AbortSignal.any([closed.signal, given.signal]),
      })
      if (response.status !== 200 || !response.body)
        throw new RequestError(
          'network error',
          `status ${response.status}; ${adviceOnStream(response.status)}`,
        )
      const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
      if (type !== 'text/event-stream')
        throw new RequestError(
          'malformed answer',
          `the Content-Type is ${type ?? 'missing'}, not that of an event stream; ${WITHOUT_STREAM}`,
        )
      const read = createSseReader(({ event, id, data, retry }) => {
        frames++
        if (event === 'gap') figures.gaps++
        if (event === 'notification' && data !== undefined) take(data)
        // Only processed events are skipped when the stream is resumed.
        lastEventId = id ?? lastEventId
        if (retry !== undefined) retryMs = Math.min(Math.max(retry, LEAST_RETRY_MS), MOST_RETRY_MS)
        // With the first id the stream can be resumed without a loss.
        if (lastEventId !== undefined) opened.resolve()
      })
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        arrivedAt = now()
        timer.refresh()
        read(text)
      }
    } finally {
      clearTimeout(timer)
      // An answer that is not read to its end would keep its connection.
      given.abort()
    }
  }

  async function follow(): Promise<void> {
    let pauseMs = retryMs
    while (!closed.signal.aborted) {
      const framesBefore = frames
      try {
        await followOnce()
      } catch (error) {
        opened.reject(error)
      }
      pauseMs = frames > framesBefore ? retryMs : Math.min(2 * pauseMs, MOST_RETRY_MS)
      await sleep(pauseMs, closed.signal)
      if (!closed.signal.aborted) figures.reconnects++
    }
  }

  return {
    /** Every outcome after this has resolved is seen. Rejects if the stream is not available. */
    async open(): Promise<void> {
      following = follow()
      const timer = setTimeout(
        () => opened.reject(new RequestError('timeout', `timeout; ${WITHOUT_STREAM}`)),
        OPEN_WITHIN_MS,
      )
      try {
        await opened.promise
      } catch (error) {
        closed.abort()
        const { failure, message } = RequestError.from(error)
        throw new RequestError(failure, `stream of notifications: ${message}`)
      } finally {
        clearTimeout(timer)
      }
    },
    figures: (): StreamFigures => ({ ...figures }),
    async close(): Promise<void> {
      closed.abort()
      await following
    },
  }
}

import { baseKinds } from '../../backbone/records/outcome.ts'
import { type Lane, lanes } from '../../backbone/records/partition.ts'
import type { Expectation } from '../outcomes/expected-outcome.ts'
import type { RequestFailure } from './request-error.ts'

/** Position in the plan. */
export interface Place {
  /** Index of the scenario in the run. */
  scenario: number
  /** Index of the stage in its scenario. */
  stage: number
  lane: Lane
}

/** One request. Times are of `now()`. */
export interface RequestSample extends Place {
  /** The status, or why there was no answer. */
  outcome: number | RequestFailure
  retry: boolean
  /** It was sent twice, because a kept connection had just been closed. */
  resent: boolean
  dueAt: number
  sentAt: number
  endedAt: number
  bytesSent: number
  bytesReceived: number
}

/** One checkout with all its requests. */
export interface CheckoutSample extends Place {
  /** Undefined if it was not accepted, or is not followed. */
  eventId: string | undefined
  accepted: boolean
  dueAt: number
  sentAt: number
  endedAt: number
  expected: Expectation
}

export interface StageCount {
  scenario: number
  stage: number
  count: number
}

/** A checkout as it was sent. */
export interface SentBody {
  body: string
  dueAt: number
}

/** Periodic report of a thread: flat arrays, which are cheap to transfer between threads. */
export interface SampleBatch {
  requests: Float64Array
  checkouts: Float64Array
  failures: RequestFailure[]
  eventIds: string[]
  /** Requests that were sent, answered or not. */
  sent: number
  /** Dropped iterations. */
  dropped: StageCount[]
  /** Checkouts in flight. */
  unanswered: StageCount[]
  /** Time of the run, in milliseconds, up to which all samples of this thread have been reported. */
  untilMs: number
  /** The sent checkouts, if they are recorded. */
  bodies: SentBody[]
}

const REQUEST_WIDTH = 11
const CHECKOUT_WIDTH = 9

/** Collects samples until they are taken. */
export function createSampleBuffer() {
  let requests: number[] = []
  let checkouts: number[] = []
  let failures: RequestFailure[] = []
  let eventIds: string[] = []
  let bodies: SentBody[] = []
  let sent = 0
  let dropped = new Map<string, StageCount>()

  return {
    sent() {
      sent++
    },
    request({ outcome, retry, resent, ...rest }: RequestSample) {
      if (typeof outcome === 'string') failures.push(outcome)
      requests.push(
        rest.scenario,
        rest.stage,
        lanes.indexOf(rest.lane),
        typeof outcome === 'number' ? outcome : 0,
        Number(retry),
        rest.dueAt,
        rest.sentAt,
        rest.endedAt,
        rest.bytesSent,
        rest.bytesReceived,
        Number(resent),
      )
    },
    checkout({ eventId, expected, ...rest }: CheckoutSample) {
      eventIds.push(eventId ?? '')
      checkouts.push(
        rest.scenario,
        rest.stage,
        lanes.indexOf(rest.lane),
        Number(rest.accepted),
        rest.dueAt,
        rest.sentAt,
        rest.endedAt,
        baseKinds.indexOf(expected.kind),
        expected.textHash,
      )
    },
    dropped(scenario: number, stage: number) {
      const key = `${scenario}/${stage}`
      const entry = dropped.get(key)
      if (entry) entry.count++
      else dropped.set(key, { scenario, stage, count: 1 })
    },
    body(body: string, dueAt: number) {
      bodies.push({ body, dueAt })
    },
    take(untilMs: number, unanswered: StageCount[]): SampleBatch {
      const batch = {
        requests: Float64Array.from(requests),
        checkouts: Float64Array.from(checkouts),
        failures,
        eventIds,
        sent,
        dropped: [...dropped.values()],
        unanswered,
        untilMs,
        bodies,
      }
      requests = []
      checkouts = []
      failures = []
      eventIds = []
      bodies = []
      sent = 0
      dropped = new Map()
      return batch
    },
  }
}

export type SampleBuffer = ReturnType<typeof createSampleBuffer>

export function* requestsOf({ requests, failures }: SampleBatch): Generator<RequestSample> {
  let failure = 0
  for (let at = 0; at < requests.length; at += REQUEST_WIDTH) {
    const field = (index: number) => requests[at + index] ?? 0
    const status = field(3)
    yield {
      scenario: field(0),
      stage: field(1),
      lane: lanes[field(2)] ?? 'browse',
      outcome: status === 0 ? (failures[failure++] ?? 'network error') : status,
      retry: field(4) === 1,
      dueAt: field(5),
      sentAt: field(6),
      endedAt: field(7),
      bytesSent: field(8),
      bytesReceived: field(9),
      resent: field(10) === 1,
    }
  }
}

export function* checkoutsOf({ checkouts, eventIds }: SampleBatch): Generator<CheckoutSample> {
  for (let at = 0; at < checkouts.length; at += CHECKOUT_WIDTH) {
    const field = (index: number) => checkouts[at + index] ?? 0
    yield {
      scenario: field(0),
      stage: field(1),
      lane: lanes[field(2)] ?? 'browse',
      eventId: eventIds[at / CHECKOUT_WIDTH] || undefined,
      accepted: field(3) === 1,
      dueAt: field(4),
      sentAt: field(5),
      endedAt: field(6),
      expected: { kind: baseKinds[field(7)] ?? 'invalid', textHash: field(8) },
    }
  }
}

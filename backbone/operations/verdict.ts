/** Stable codes, the most severe first; the operations page has a sentence and an advice for each. */
export const verdictCodes = [
  /** No purchase is accepted. */
  'buyers-refused',
  'kafka-unavailable',
  'below-min-isr',
  /** Kafka stores none of them, or not in time. */
  'checkouts-wait',
  'processors-silent',
  'member-silent',
  'partition-unowned',
  'some-purchases-refused',
  'lag-grows',
  'visits-refused',
  /** More checkouts are expected within the hour than the processors classify. */
  'forecast-beyond-capacity',
  'access-refused',
  'catching-up',
  'not-ready',
  'starting',
  /** Nothing is wrong. */
  'buyers-get-through',
] as const
export type VerdictCode = (typeof verdictCodes)[number]

interface Refused {
  perSecond: number
  percent: number
  /** The most frequent one. */
  status: string
}

interface Backlog {
  /** The owner of the slowest partition; empty if it has none. */
  member: string
  /** Those that are late, as listPartitions writes them. */
  partitions: string
  /** Of all partitions. */
  records: number
  /** How long the oldest has waited. */
  seconds: number
  /** Of all partitions, in seconds; absent while unknown. */
  clearedIn?: number
}

interface Unready {
  member: string
  check: string
  detail: string
}

/** Values of the sentences. */
export interface VerdictDetails {
  /** `gateways`: all of them are silent or stopped. */
  'buyers-refused': { perSecond: number; status: string } | { gateways: number }
  'kafka-unavailable': { seconds: number }
  /** `topic`: of the first partition; `broker`: the ids of those that are not in sync. */
  'below-min-isr': { partitions: number; topic: string; broker: string }
  'checkouts-wait': { records: number; seconds: number }
  'processors-silent': { processors: number }
  /** `partitions`: those that nobody else owns yet. */
  'member-silent': { member: string; role: 'gateway' | 'processor'; seconds: number; partitions: string }
  'partition-unowned': { partitions: string; records: number }
  'some-purchases-refused': Refused
  'lag-grows': Backlog
  'visits-refused': Refused
  /** `seconds`: until it begins. `perSecond`: checkouts expected then. `capacity`: checkouts classified per second. */
  'forecast-beyond-capacity': { seconds: number; perSecond: number; capacity: number }
  'access-refused': { member: string; detail: string }
  'catching-up': Backlog
  'not-ready': Unready
  /** `processors`: number of those that answer, but do not know the state of the system yet. */
  starting: Unready | { processors: number }
  'buyers-get-through': object
}

export type Verdict = {
  [Code in VerdictCode]: {
    code: Code
    /** Colour of the page: only for states. */
    level: 'ok' | 'warn' | 'bad'
    /** Since when, in milliseconds since the epoch. */
    since: number
    details: VerdictDetails[Code]
  }
}[VerdictCode]

/** The most severe first, and of equal ones the oldest. */
export const bySeverity = (a: Verdict, b: Verdict): number =>
  verdictCodes.indexOf(a.code) - verdictCodes.indexOf(b.code) || a.since - b.since

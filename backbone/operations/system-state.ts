import type { MemberEvent } from '../figures/member-event.ts'
import type { AnsweredLane, LoadFigures } from '../figures/member-figures.ts'
import type { OutcomeKind } from '../records/outcome.ts'
import type { Verdict } from './verdict.ts'

export interface Percentiles {
  p50: number
  p99: number
}

export interface MemberState {
  member: string
  run: string
  role: 'gateway' | 'processor'
  /** `silent`: no figures for more than 3 s. `stopped`: it said that it stops. */
  status: 'ok' | 'starting' | 'not-ready' | 'silent' | 'stopped'
  /** When its last figures arrived. */
  lastAt: number
  /** Since when it has its status. */
  since: number
  startedAt: number
  memoryBytes: number
  /** Share of one core over the last seconds. */
  cpu: number
  faults: { check: string; detail: string; status: 'warn' | 'fail' }[]
  /** Of a gateway. */
  gateway?: { perSecond: number; p99: number | null; inFlight: number; limit: number; waiting: number }
  /** Of a processor. */
  processor?: {
    perSecond: number
    partitions: number[]
    readModelLag: number
    streams: number
    servesResults: boolean
  }
}

/** Silent or stopped: its last figures are not those of now. */
export const isInactive = ({ status }: Pick<MemberState, 'status'>): boolean =>
  status === 'silent' || status === 'stopped'

/** Null: unknown. */
export type Lag =
  | {
      /** Unclassified records. */
      records: number
      /** Age of the oldest unclassified record; 0 without any. */
      seconds: number
      /** When it will be cleared at the present rate, in seconds; null if never or unknown. */
      clearedIn: number | null
    }
  | { records: null; seconds: null; clearedIn: null }

export type PartitionLag = Lag & {
  partition: number
  lane: 'purchase' | 'browse'
  /** Null while no living member owns it, or while that is unknown, as `records` are. */
  owner: string | null
  /** The owner, also when it is silent or has released the partition; null if no owner was ever known. */
  lastOwner: string | null
  trend: 'none' | 'grows' | 'shrinks' | 'steady'
}

export interface BrokerState {
  id: number
  /** Partitions that it leads, and those where it is in sync, of all topics of this system. */
  leads: number
  inSync: number
  replicas: number
  answers: boolean
}

export interface KafkaState {
  brokers: BrokerState[]
  /** Partitions with fewer in-sync replicas than `min.insync.replicas`, and with fewer than replicas. */
  belowMinIsr: { topic: string; partition: number }[]
  underReplicated: { topic: string; partition: number }[]
  /** When this was asked; the page tells its age if it is old. */
  at: number
}

/** Sums since the first figures that the summing process has seen, up to the last that it has received. They never decrease. */
export interface Totals {
  answers: Partial<Record<AnsweredLane, Record<string, number>>>
  outcomes: Partial<Record<OutcomeKind, number>>
}

/** All processes together, once a second: `event: state` of `GET /operations/stream`, and `GET /operations`. */
export interface SystemState {
  at: number
  /** Which member added the figures up. */
  from: string
  /** True: no processor answers, so these are the figures of one gateway alone. */
  partial: boolean
  /** All that hold now, the most severe first; at least one. */
  verdicts: Verdict[]
  /** Null while all gateways are silent or stopped. */
  checkouts: {
    /** By lane and HTTP status, over the last 5 s. */
    perSecond: Partial<Record<AnsweredLane, Record<string, number>>>
    /** Of 2xx, over the last 10 s; null without any. */
    latencyMs: Partial<Record<AnsweredLane, Percentiles | null>>
    inFlight: number
    limit: number
    waiting: number
  } | null
  /** Null while no figures of a processor arrive, or only those of this one. */
  outcomes: {
    perSecond: Partial<Record<OutcomeKind, number>>
    repetitionsPerSecond: number
    /** POST to notification, over the last 10 s. */
    delayMs: Percentiles | null
  } | null
  /** Null together with `outcomes`. */
  streams: number | null
  totals: Totals
  members: MemberState[]
  partitions: PartitionLag[]
  /** How many entries of these lists are not here: the event stream has the 100 most severe, `GET /operations` has all. */
  leftOut: { partitions: number; belowMinIsr: number; underReplicated: number }
  /** Of all partitions. */
  lag: Lag
  /** Null while Kafka does not answer or has not been asked yet. */
  kafka: KafkaState | null
  /** Load runs that are going on. */
  load: LoadFigures[]
}

/** One second of the plots. Null: nobody knows. */
export interface HistoryPoint {
  at: number
  purchases: number | null
  visits: number | null
  refusedPurchases: number | null
  refusedVisits: number | null
  p50: number | null
  p99: number | null
  outcomes: number | null
  delayP50: number | null
  delayP99: number | null
  lagRecords: number | null
  lagSeconds: number | null
  /** Of the load runs, for the same time axis. */
  load: { planned: number; accepted: number; p99: number | null } | null
}

/**
 * The first event of `GET /operations/stream` (`event: history`): up to 15 minutes of points, and up to 200 events, the
 * newest last. Then an `event: state` each second, with `point` for the plots and new `events`.
 */
export interface OperationsHistory {
  points: HistoryPoint[]
  events: MemberEvent[]
}

export interface OperationsTick {
  state: SystemState
  point: HistoryPoint
  /** Since the last tick. */
  events: MemberEvent[]
}

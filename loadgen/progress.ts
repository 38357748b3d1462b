import type { Quantiles } from './run-result.ts'

export type Phase = 'connecting' | 'sending' | 'waiting for answers' | 'waiting for outcomes'

/** State of a run, as the terminal shows it. */
export interface Progress {
  name: string
  target: string
  phase: Phase
  elapsedMs: number
  /** Infinity if the load has no end. */
  plannedMs: number
  /** Checkouts due per second now, by the plan and its factor; undefined if only VUs define the load. */
  askedRate: number | undefined
  /** Whether the keys have an effect now. */
  canChangeRate: boolean
  /** Factor of the planned rate; the keys change it. */
  rateFactor: number
  /** Requests sent per second, over the last second. */
  sentRate: number
  sent: number
  accepted: number
  dropped: number
  retries: number
  inFlight: number
  /** http_req_duration over the last second; undefined if no request ended. */
  duration: Quantiles | undefined
  /** p99 of http_req_duration in each recent second, newest last; undefined if no request ended. */
  recentP99: (number | undefined)[]
  /** Since the start, by status or by why there was no answer. */
  failures: ReadonlyMap<string, number>
  /** notification_delay over the last second; undefined if no notification arrived. */
  delay: Quantiles | undefined
  /** Accepted, without an outcome yet; undefined if outcomes are not followed. */
  outstanding: number | undefined
  duplicated: number
  /** Thresholds that are broken now, as written. */
  broken: string[]
}

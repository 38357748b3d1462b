import type { Quantiles } from './run-result.ts'

export type Phase = 'connecting' | 'sending' | 'waiting for answers' | 'waiting for outcomes'

/** How a run stands; what the terminal shows of it. */
export interface Progress {
  name: string
  target: string
  phase: Phase
  elapsedMs: number
  /** Infinity when the load has no end. */
  plannedMs: number
  /** Checkouts due per second at this moment, by the plan and its factor; undefined while VUs alone decide. */
  askedRate: number | undefined
  /** Whether the keys have an effect now. */
  canChangeRate: boolean
  /** What the planned rate is multiplied by: the keys change it. */
  rateFactor: number
  /** Requests sent per second, over the last second. */
  sentRate: number
  sent: number
  accepted: number
  dropped: number
  retries: number
  inFlight: number
  /** Of http_req_duration over the last second; undefined when no request ended. */
  duration: Quantiles | undefined
  /** p99 of http_req_duration of each of the last seconds, the newest last; undefined where no request ended. */
  recentP99: (number | undefined)[]
  /** Since the start, by status or by why there was no answer. */
  failures: ReadonlyMap<string, number>
  /** Of notification_delay over the last second; undefined when no notification came. */
  delay: Quantiles | undefined
  /** Accepted, but without an outcome yet; undefined when nobody follows them. */
  outstanding: number | undefined
  duplicated: number
  /** Thresholds that are broken now, as they were written. */
  broken: string[]
}

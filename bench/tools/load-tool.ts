import type { Quantiles } from '../quantiles.ts'

/** Results of a run as the tool reports them. */
export interface ToolRun {
  /** Answered requests. */
  requests: number
  latency: Quantiles
  /** CPU time of all its threads, including its start. */
  cpuMs: number
}

export interface LoadTool {
  name: string
  run: (target: string, seconds: number) => Promise<ToolRun>
}

/** In addition to the duration of the load: to start, to wait for the last answers, to count. */
const GRACE_MS = 30_000

export const timeLimit = (seconds: number) => seconds * 1000 + GRACE_MS

import type { Quantiles } from '../quantiles.ts'

/** What a tool says of its own run. */
export interface ToolRun {
  /** Answered ones. */
  requests: number
  latency: Quantiles
  /** Of all its threads, its start included. */
  cpuMs: number
}

export interface LoadTool {
  name: string
  run: (target: string, seconds: number) => Promise<ToolRun>
}

/** Beyond the time that it was told to load for: to start, to wait for the last answers, to count. */
const GRACE_MS = 30_000

export const timeLimit = (seconds: number) => seconds * 1000 + GRACE_MS

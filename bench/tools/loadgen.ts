import { z } from 'zod'
import { type LoadTool, type ToolRun, timeLimit } from './load-tool.ts'
import { runLoadgen } from './run-loadgen.ts'

const counter = z.object({ count: z.number() })
const summarySchema = z.object({
  metrics: z.object({
    http_reqs: counter,
    dropped_iterations: counter,
    http_req_failed: z.object({ value: z.number() }),
    http_req_duration: z.object({
      med: z.number(),
      'p(90)': z.number(),
      'p(99)': z.number(),
      max: z.number(),
    }),
  }),
})

export interface LoadgenRun extends ToolRun {
  /** Requests that were not answered with 2xx. */
  refused: number
  /** Due, but not sent in time. */
  dropped: number
}

export interface LoadgenTool extends LoadTool {
  run: (target: string, seconds: number) => Promise<LoadgenRun>
}

export function createLoadgen(name: string, args: string[]): LoadgenTool {
  return {
    name,
    async run(target, seconds) {
      const load = ['--target', target, '--duration', `${seconds}s`, ...args, '--no-verify']
      const { summary, cpuMs } = await runLoadgen(load, timeLimit(seconds), summarySchema)
      const { metrics } = summary
      const { med, max, ...rest } = metrics.http_req_duration
      return {
        requests: metrics.http_reqs.count,
        refused: Math.round(metrics.http_reqs.count * metrics.http_req_failed.value),
        dropped: metrics.dropped_iterations.count,
        latency: { p50: med, p90: rest['p(90)'], p99: rest['p(99)'], max },
        cpuMs,
      }
    },
  }
}

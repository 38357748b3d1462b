import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { scratchFile } from '../scratch.ts'
import { type LoadTool, type ToolRun, timeLimit } from './load-tool.ts'

const main = fileURLToPath(new URL('../../loadgen/main.ts', import.meta.url))

const counter = z.object({ count: z.number() })
const summarySchema = z.object({
  metrics: z.object({
    http_reqs: counter,
    dropped_iterations: counter,
    http_req_duration: z.object({
      med: z.number(),
      'p(90)': z.number(),
      'p(99)': z.number(),
      max: z.number(),
    }),
  }),
})

export interface OurRun extends ToolRun {
  /** Due, but not sent in time. */
  dropped: number
}

export interface OurTool extends LoadTool {
  run: (target: string, seconds: number) => Promise<OurRun>
}

export function createOurs(name: string, args: string[]): OurTool {
  return {
    name,
    async run(target, seconds) {
      const file = scratchFile('summary.json')
      const own = ['--no-verify', '--quiet', '--summary-export', file]
      const load = ['--target', target, '--duration', `${seconds}s`, ...args]
      const { cpuMs } = await runToEnd([process.execPath, main, ...load, ...own], timeLimit(seconds))
      const { metrics } = summarySchema.parse(JSON.parse(await readFile(file, 'utf8')))
      const { med, max, ...rest } = metrics.http_req_duration
      return {
        requests: metrics.http_reqs.count,
        dropped: metrics.dropped_iterations.count,
        latency: { p50: med, p90: rest['p(90)'], p99: rest['p(99)'], max },
        cpuMs,
      }
    },
  }
}

import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { type LoadTool, timeLimit } from './load-tool.ts'
import { bodyFile, contentType, idempotencyKey } from './sample-request.ts'

/** Seconds. */
const resultSchema = z.object({
  summary: z.object({ slowest: z.number() }),
  latencyPercentiles: z.object({ p50: z.number(), p90: z.number(), p99: z.number() }),
  statusCodeDistribution: z.record(z.string(), z.number()),
})

export function createOha(program: string, args: string[]): LoadTool {
  return {
    name: `oha ${args.join(' ')}`,
    async run(target, seconds) {
      const request = [
        '-m',
        'POST',
        '-T',
        contentType,
        '-D',
        bodyFile,
        '-H',
        `idempotency-key: ${idempotencyKey}`,
      ]
      const load = ['--no-tui', '--output-format', 'json', '-w', '-z', `${seconds}s`, ...args, ...request]
      const { stdout, cpuMs } = await runToEnd([program, ...load, `${target}/checkout`], timeLimit(seconds))
      const { summary, latencyPercentiles, statusCodeDistribution } = resultSchema.parse(JSON.parse(stdout))
      const { p50, p90, p99 } = latencyPercentiles
      return {
        requests: Object.values(statusCodeDistribution).reduce((sum, count) => sum + count, 0),
        latency: { p50: p50 * 1e3, p90: p90 * 1e3, p99: p99 * 1e3, max: summary.slowest * 1e3 },
        cpuMs,
      }
    },
  }
}

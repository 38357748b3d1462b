import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { scratchFile } from '../scratch.ts'
import { type LoadTool, timeLimit } from './load-tool.ts'
import { bodyFile, contentType, idempotencyKey } from './sample-request.ts'

/** Nanoseconds. */
const reportSchema = z.object({
  requests: z.number(),
  latencies: z.object({ '50th': z.number(), '90th': z.number(), '99th': z.number(), max: z.number() }),
})

export function createVegeta(program: string, args: string[]): LoadTool {
  return {
    name: `vegeta ${args.join(' ')}`,
    async run(target, seconds) {
      const targets = scratchFile('vegeta-targets')
      const results = scratchFile('vegeta-results')
      const head = [
        `POST ${target}/checkout`,
        `content-type: ${contentType}`,
        `idempotency-key: ${idempotencyKey}`,
      ]
      await writeFile(targets, [...head, `@${bodyFile}`, ''].join('\n'))
      const files = ['-targets', targets, '-output', results]
      const attack = [program, 'attack', '-duration', `${seconds}s`, ...args, ...files]
      const { cpuMs } = await runToEnd(attack, timeLimit(seconds))
      const { stdout } = await runToEnd([program, 'report', '-type', 'json', results], timeLimit(seconds))
      const { requests, latencies } = reportSchema.parse(JSON.parse(stdout))
      return {
        requests,
        latency: {
          p50: latencies['50th'] / 1e6,
          p90: latencies['90th'] / 1e6,
          p99: latencies['99th'] / 1e6,
          max: latencies.max / 1e6,
        },
        cpuMs,
      }
    },
  }
}

import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { type LoadTool, timeLimit } from './load-tool.ts'
import { bodyFile, contentType, idempotencyKey } from './sample-request.ts'

const program = fileURLToPath(import.meta.resolve('autocannon'))
// On Node, as its users run it.
const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))

const resultSchema = z.object({
  requests: z.object({ total: z.number() }),
  latency: z.object({ p50: z.number(), p90: z.number(), p99: z.number(), max: z.number() }),
})

export function createAutocannon(args: string[]): LoadTool {
  return {
    name: `autocannon ${args.join(' ')}`,
    async run(target, seconds) {
      const request = ['-m', 'POST', '-i', bodyFile, '-H', `content-type=${contentType}`]
      const key = ['-H', `idempotency-key=${idempotencyKey}`]
      const load = ['-j', '-n', '-d', String(seconds), ...args, ...request, ...key, `${target}/checkout`]
      const { stdout, cpuMs } = await runToEnd([node, program, ...load], timeLimit(seconds))
      const { requests, latency } = resultSchema.parse(JSON.parse(stdout))
      return { requests: requests.total, latency, cpuMs }
    },
  }
}

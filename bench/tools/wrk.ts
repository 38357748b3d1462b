import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { type LoadTool, timeLimit } from './load-tool.ts'
import { bodyFile, contentType, idempotencyKey } from './sample-request.ts'

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))

const figuresSchema = z.object({
  requests: z.number(),
  latency: z.object({ p50: z.number(), p90: z.number(), p99: z.number(), max: z.number() }),
})

export function createWrk(program: string, args: string[], thinkMs = 0): LoadTool {
  return {
    name: `wrk ${args.join(' ')}${thinkMs > 0 ? `, thinks ${thinkMs} ms` : ''}`,
    async run(target, seconds) {
      const load = ['-d', `${seconds}s`, ...args, '-s', script, `${target}/checkout`]
      const scriptArgs = ['--', bodyFile, contentType, idempotencyKey, String(thinkMs)]
      const { stdout, cpuMs } = await runToEnd([program, ...load, ...scriptArgs], timeLimit(seconds))
      return { ...figuresSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')), cpuMs }
    },
  }
}

import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'
import { runToEnd } from '../children.ts'
import { timeLimit } from './load-tool.ts'
import { createLoadgen } from './loadgen.ts'

const script = fileURLToPath(new URL('unique-checkouts.lua', import.meta.url))
const resultSchema = z.object({
  requests: z.number(),
  refused: z.number(),
  seconds: z.number(),
  latency: z.object({ p50: z.number(), p99: z.number() }),
})

export interface LoadShape {
  connections: number
  /** Checkouts in a request; 1: no batch. */
  batch: number
  /** Bytes of a checkout, if longer than the sample. */
  bodyBytes?: number
}

export interface UniqueLoad {
  /** Checkouts that were answered with 2xx. */
  accepted: number
  /** Requests that were not. */
  refused: number
  seconds: number
  /** Milliseconds. */
  latency: { p50: number; p99: number }
}

/** A comparison requires a program that is not installed. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError'
}

const wrk = Bun.which('wrk')
export const loadProgram = wrk === null ? 'npm run load' : 'wrk'

/**
 * As many POSTs as the connections allow, each with new checkouts; p99 is that of requests in a closed loop.
 */
export async function loadWithUnique(
  url: string,
  { connections, batch, bodyBytes = 0 }: LoadShape,
  seconds: number,
): Promise<UniqueLoad> {
  if (wrk === null) return loadWithLoadgen(url, { connections, batch, bodyBytes }, seconds)
  const [before = '', after = ''] = bodyOf(bodyBytes).split(sampleCheckout.id)
  const load = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency', '-s', script]
  const scriptArgs = ['--', String(batch), before, after]
  const { stdout } = await runToEnd([wrk, ...load, url, ...scriptArgs], timeLimit(seconds))
  const result = resultSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''))
  return { ...result, accepted: (result.requests - result.refused) * batch }
}

/** A long product name: the one field without a limit. */
function bodyOf(bytes: number): string {
  const missing = Math.max(0, bytes - Buffer.byteLength(JSON.stringify(sampleCheckout)))
  return JSON.stringify({
    ...sampleCheckout,
    productovisto: sampleCheckout.productovisto + 'x'.repeat(missing),
  })
}

async function loadWithLoadgen(
  url: string,
  { connections, batch, bodyBytes = 0 }: LoadShape,
  seconds: number,
): Promise<UniqueLoad> {
  if (batch > 1) throw new MissingProgramError('batches are sent with wrk, which is not on PATH')
  if (bodyBytes > 0) throw new MissingProgramError('longer bodies are sent with wrk, which is not on PATH')
  // Purchases, like the sample.
  const tool = createLoadgen(loadProgram, ['--vus', String(connections), '--buyers', '1', '--workers', '1'])
  const { requests, refused, latency } = await tool.run(url, seconds)
  return { accepted: requests - refused, refused, seconds, latency }
}

import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { wholeNumber } from '../backbone/settings.ts'

export interface LoadOptions {
  /** Without a slash at the end. */
  target: string
  /** Iterations per second. */
  rate: number
  durationMs: number
  seed: number
  /** Follow every accepted checkout to its outcome. */
  verify: boolean
}

/** All that is wrong with the arguments. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
  readonly faults: string[]

  constructor(faults: string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

export const help = `Usage: npm run load -- [options]

Sends fake checkouts at a constant arrival rate and checks what comes of each.

  --rate N          checkouts per second, fractions too (default 500)
  --duration TIME   how long to send: 500ms, 30s, 1m30s, 2h (default 30s)
  --target URL      the gateway (default http://127.0.0.1:8080)
  --seed N          makes the same shoppers again (default: random, and printed)
  --no-verify       do not follow the stream of notifications, only send
  --help            this text

Exit code: 0 all accepted checkouts came out once and right; 1 one is missing, doubled or wrong, or nothing was
accepted; 107 the options are wrong. The first Ctrl-C ends the sending, a second one the waiting for outcomes.`

const MAX_RATE = 100_000
const MAX_SEED = 2 ** 32 - 1
const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

const valuesSchema = z.object({
  target: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:8080' })
    .regex(/^[^?#@]+$/, 'must have no credentials, query or fragment')
    .transform((url) => url.replace(/\/$/, ''))
    .default('http://127.0.0.1:8080'),
  rate: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number')
    .transform(Number)
    .pipe(z.number().positive('must be above 0').max(MAX_RATE, `must be at most ${MAX_RATE}`))
    .default(500),
  duration: z
    .string()
    .regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, 'must be a time such as 500ms, 30s, 1m30s or 2h')
    .transform(toMilliseconds)
    .pipe(z.number().positive('must be above 0'))
    .default(30_000),
  seed: wholeNumber(0, MAX_SEED).default(() => randomInt(MAX_SEED + 1)),
})

function toMilliseconds(duration: string): number {
  const parts = [...duration.matchAll(/([\d.]+)([a-z]+)/g)]
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0)
}

const values = Object.keys(valuesSchema.shape)
const flags = ['no-verify', 'help']
const parseOptions = Object.fromEntries([
  ...values.map((name) => [name, { type: 'string' }] as const),
  ...flags.map((name) => [name, { type: 'boolean' }] as const),
])

/** Undefined when help is asked for. Throws {@link OptionsError} with all faults at once. */
export function readOptions(args: string[]): LoadOptions | undefined {
  const { given, faults } = readArguments(args)
  if (given.has('help')) return undefined

  const parsed = valuesSchema.safeParse(Object.fromEntries(given))
  for (const { path, message } of parsed.error?.issues ?? []) {
    faults.push(`--${String(path[0])} ${message}, not '${given.get(String(path[0]))}'`)
  }
  if (!parsed.success || faults.length > 0) throw new OptionsError(faults)
  const { duration, ...rest } = parsed.data
  return { ...rest, durationMs: duration, verify: !given.has('no-verify') }
}

/** Only the form of the arguments: what the values may be is the schema's business. */
function readArguments(args: string[]): { given: Map<string, string>; faults: string[] } {
  const given = new Map<string, string>()
  const faults: string[] = []

  // Strict, it would stop at the first fault.
  for (const token of parseArgs({ args, strict: false, tokens: true, options: parseOptions }).tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      faults.push(`'${token.value}' is not an option`)
      continue
    }
    const { name, rawName, value } = token
    const isFlag = flags.includes(name)
    if (!isFlag && !values.includes(name)) faults.push(`${rawName} is unknown`)
    else if (isFlag && value !== undefined) faults.push(`${rawName} takes no value`)
    else if (!isFlag && value === undefined) faults.push(`${rawName} needs a value`)
    else if (given.has(name)) faults.push(`${rawName} is given twice`)
    else given.set(name, value ?? '')
  }
  return { given, faults }
}

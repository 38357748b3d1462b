import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { parseDuration } from '../duration.ts'
import { executors, MAX_RATE, MAX_TIMER_MS, MAX_VUS, TIME_EXAMPLES } from '../load-definition.ts'
import { shopperLocales } from '../shoppers/shopper-shares.ts'
import {
  choice,
  numberAboveZero,
  numberFromZero,
  pair,
  timeAboveZero,
  timeText,
  wholeNumber,
} from './value-schemas.ts'

const MAX_SEED = 2 ** 32 - 1
const MAX_WORKERS = 64
const MAX_SPEED = 1_000

const share = numberFromZero(1)
const path = z.string().min(1, 'must be a path')
const timer = timeAboveZero(MAX_TIMER_MS, '24d')

const ADDRESS = 'must be an address such as http://127.0.0.1:8080, without credentials, query or fragment'
const STAGE = `TIME:N such as 30s:500, with N from 0 to ${MAX_RATE}`
const stage = pair(/^([^:]+):(\d+(?:\.\d+)?)$/, STAGE).transform(([duration, target], context) => {
  const ms = parseDuration(duration)
  if (ms !== undefined && Number.isFinite(ms) && Number(target) <= MAX_RATE)
    return { duration, target: Number(target) }
  context.addIssue(`must be ${STAGE}`)
  return z.NEVER
})

/** Values of flags that may be given once. */
export const singleFlags = z.object({
  target: z
    .url({ protocol: /^https?$/, error: ADDRESS, abort: true })
    .regex(/^[^?#@]+$/, ADDRESS)
    .transform((url) => url.replace(/\/$/, ''))
    .default('http://127.0.0.1:8080'),
  'key-file': path.optional(),
  executor: choice(executors).optional(),
  rate: numberAboveZero(MAX_RATE).optional(),
  vus: wholeNumber(1, MAX_VUS).optional(),
  duration: timeText((ms) => ms >= 1, `of at least 1ms, such as ${TIME_EXAMPLES}, or forever`).optional(),
  'think-time': timer.optional(),
  'max-vus': wholeNumber(1, MAX_VUS).optional(),
  timeout: timer.optional(),
  attempts: wholeNumber(1, 100).optional(),
  seed: wholeNumber(0, MAX_SEED).default(() => randomInt(MAX_SEED + 1)),
  workers: wholeNumber(1, MAX_WORKERS).optional(),
  buyers: share.optional(),
  slow: share.optional(),
  returning: share.optional(),
  zipf: numberFromZero(4).optional(),
  path: share.optional(),
  locales: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(shopperLocales, `must be a list of ${shopperLocales.join(', ')}`)))
    .optional(),
  record: path.optional(),
  replay: path.optional(),
  pace: choice(['recorded']).optional(),
  speed: numberAboveZero(MAX_SPEED).optional(),
  'summary-export': path.optional(),
  report: path.optional(),
})

/** Values of repeatable flags, each separately. */
export const repeatedFlags = z.object({
  stage,
  threshold: pair(/^([^:{]+(?:\{[^}]*\})?):(.+)$/, `METRIC:EXPRESSION such as 'http_req_duration:p(99)<250'`),
  tag: pair(/^([\w-]+)=(.*)$/, 'NAME=VALUE such as release=1.2'),
})
export type RepeatedFlags = {
  [Name in keyof z.output<typeof repeatedFlags>]: z.output<typeof repeatedFlags>[Name][]
}
export type SingleFlags = z.output<typeof singleFlags>

/** Validates each value; adds errors to `faults`. */
export function readFlagValues(
  given: ReadonlyMap<string, readonly string[]>,
  faults: string[],
): { single: SingleFlags; repeated: RepeatedFlags } | undefined {
  const singles = Object.keys(singleFlags.shape).flatMap((name) => {
    const value = given.get(name)?.[0]
    return value === undefined ? [] : [[name, value] as const]
  })
  const single = singleFlags.safeParse(Object.fromEntries(singles))
  for (const {
    path: [name],
    message,
  } of single.error?.issues ?? []) {
    faults.push(`--${String(name)} ${message}, not '${given.get(String(name))?.[0]}'`)
  }
  const values = <Value>(name: string, schema: z.ZodType<Value>): Value[] =>
    (given.get(name) ?? []).flatMap((text) => {
      const { data, error } = schema.safeParse(text)
      if (error) faults.push(`--${name} ${error.issues[0]?.message}, not '${text}'`)
      return data === undefined ? [] : [data]
    })
  const { stage: stageValue, threshold, tag } = repeatedFlags.shape
  const repeated = {
    stage: values('stage', stageValue),
    threshold: values('threshold', threshold),
    tag: values('tag', tag),
  }
  return single.data && { single: single.data, repeated }
}

import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { wholeNumber } from '../../backbone/settings.ts'
import { parseDuration } from '../duration.ts'
import { executors, MAX_RATE, MAX_TIMER_MS, MAX_VUS } from '../load-definition.ts'
import { shopperLocales } from '../shoppers/shopper-shares.ts'

const MAX_SEED = 2 ** 32 - 1
const MAX_WORKERS = 64

const number = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number')
  .transform(Number)
const share = number.pipe(z.number().max(1, 'must be from 0 to 1'))
const duration = z
  .string()
  .transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== undefined) return ms
    context.addIssue('must be a time such as 500ms, 30s, 1m30s or 2h')
    return z.NEVER
  })
  .refine((ms) => ms > 0, { error: 'must be above 0', abort: true })
const length = duration.refine((ms) => ms >= 1, 'must be at least 1ms')
const finite = duration
  .refine(Number.isFinite, { error: 'must have an end', abort: true })
  .refine((ms) => ms <= MAX_TIMER_MS, 'must be at most 24 days')
const rate = number.pipe(z.number().positive('must be above 0').max(MAX_RATE, `must be at most ${MAX_RATE}`))
const path = z.string().min(1, 'must be a path')

const pair = (pattern: RegExp, form: string) =>
  z.string().transform((text, context) => {
    const [, name, value] = pattern.exec(text) ?? []
    if (name !== undefined && value !== undefined) return [name, value] as const
    context.addIssue(`must be such as ${form}`)
    return z.NEVER
  })

const stage = pair(/^([^:]+):(\d+(?:\.\d+)?)$/, '30s:500').transform(([time, target], context) => {
  const ms = parseDuration(time)
  const isTime = ms !== undefined && Number.isFinite(ms)
  if (isTime && Number(target) <= MAX_RATE) return { duration: ms, target: Number(target) }
  context.addIssue(!isTime ? 'must be such as 30s:500' : `must be at most ${MAX_RATE}`)
  return z.NEVER
})

/** The values of flags that are given once. */
export const singleFlags = z.object({
  target: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:8080' })
    .regex(/^[^?#@]+$/, 'must have no credentials, query or fragment')
    .transform((url) => url.replace(/\/$/, ''))
    .default('http://127.0.0.1:8080'),
  'key-file': path.optional(),
  executor: z.enum(executors, `must be ${executors.join(', ')}`).optional(),
  rate: rate.optional(),
  vus: wholeNumber(1, MAX_VUS).optional(),
  duration: length.optional(),
  'think-time': finite.optional(),
  'max-vus': wholeNumber(1, MAX_VUS).optional(),
  timeout: finite.optional(),
  attempts: wholeNumber(1, 100).optional(),
  seed: wholeNumber(0, MAX_SEED).default(() => randomInt(MAX_SEED + 1)),
  workers: wholeNumber(1, MAX_WORKERS).optional(),
  buyers: share.optional(),
  slow: share.optional(),
  returning: share.optional(),
  zipf: number.pipe(z.number().max(4, 'must be from 0 to 4')).optional(),
  locales: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(shopperLocales, `must be of ${shopperLocales.join(', ')}`)))
    .optional(),
  record: path.optional(),
  replay: path.optional(),
  'summary-export': path.optional(),
  report: path.optional(),
})

/** Those of flags that may be given again; each value by itself. */
export const repeatedFlags = z.object({
  stage,
  threshold: pair(/^([^:{]+(?:\{[^}]*\})?):(.+)$/, `'http_req_duration:p(99)<250'`),
  tag: pair(/^([\w-]+)=(.*)$/, 'name=value'),
})
export type RepeatedFlags = {
  [Name in keyof z.output<typeof repeatedFlags>]: z.output<typeof repeatedFlags>[Name][]
}
export type SingleFlags = z.output<typeof singleFlags>

/** Holds each value to its flag's rule; `faults` gets all that break one. */
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

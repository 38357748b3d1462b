import { z } from 'zod'
import { parseDuration } from './duration.ts'
import { shopperSharesSchema } from './shoppers/shopper-shares.ts'

const time = z
  .union([z.string(), z.number()])
  .refine((text) => parseDuration(text) !== undefined, 'must be a time such as 500ms, 30s, 1m30s or 2h')
const duration = time.refine((text) => text !== 'forever', 'must have an end')
const rate = z.number().min(0, 'must not be below 0').max(100_000, 'must be at most 100000')
const vus = z.int().min(0).max(10_000, 'must be at most 10000')
const stages = z.array(z.strictObject({ duration, target: rate })).min(1, 'needs a stage')
const positive = rate.positive('must be above 0')

const common = {
  /** When it begins, counted from the start of the run. */
  startTime: duration.default(0),
  /** Names and values by which thresholds can choose this scenario. */
  tags: z.record(z.string(), z.string()).default({}),
  /** How long a client waits for an answer. */
  timeout: duration.default('30s'),
  /** What a client does that got 429, 503 or no answer: it asks again with the same idempotency key. */
  retry: z
    .strictObject({
      /** Requests of one checkout in all. */
      attempts: z.int().min(1).max(100),
      /** Before the second request; doubled each time, jittered; a `Retry-After` that is longer wins. */
      backoff: duration.default('200ms'),
    })
    .default({ attempts: 1, backoff: '200ms' }),
  shoppers: shopperSharesSchema.partial().default({}),
}

const arrivals = {
  ...common,
  /** Rates are for each of this: 2 per `1m`. */
  timeUnit: duration.default('1s'),
  /** Connections that are opened before the start. */
  preAllocatedVUs: vus.default(0),
  /** Most checkouts on their way at once; what is due beyond that is a dropped iteration. */
  maxVUs: vus.positive().default(10_000),
}

const closed = {
  ...common,
  /** Pause of each VU between two checkouts: a time, or two to draw one between. */
  thinkTime: z.union([duration, z.tuple([duration, duration])]).default(0),
}

export const executors = [
  'constant-arrival-rate',
  'ramping-arrival-rate',
  'constant-vus',
  'ramping-vus',
] as const

/** The executors and names are k6's (grafana.com/docs/k6, scenarios). */
export const scenarioSchema = z.discriminatedUnion('executor', [
  z.strictObject({
    executor: z.literal('constant-arrival-rate'),
    ...arrivals,
    rate: positive,
    duration: time,
  }),
  z.strictObject({
    executor: z.literal('ramping-arrival-rate'),
    ...arrivals,
    startRate: rate.default(0),
    stages,
  }),
  z.strictObject({
    executor: z.literal('constant-vus'),
    ...closed,
    vus: vus.positive('must be above 0'),
    duration: time,
  }),
  z.strictObject({ executor: z.literal('ramping-vus'), ...closed, startVUs: vus.default(0), stages }),
])

const thresholdSchema = z.union([
  z.string(),
  z.strictObject({
    threshold: z.string(),
    /** Ends the run when it is broken. */
    abortOnFail: z.boolean().default(false),
    /** Not before this time of the run. */
    delayAbortEval: duration.default(0),
  }),
])

export const loadDefinitionSchema = z.strictObject({
  /** One line, for `--help`. */
  description: z.string().default(''),
  scenarios: z
    .record(z.string().regex(/^[\w-]+$/, 'must be letters, digits, _ or -'), scenarioSchema)
    .refine((scenarios) => Object.keys(scenarios).length > 0, 'needs a scenario'),
  /** Bounds of metrics in k6's words; the run fails when one is broken. */
  thresholds: z.record(z.string(), z.array(thresholdSchema)).default({}),
  /** Ends the run at the first stage that breaks a threshold, and reports the one before it. */
  breakpoint: z.boolean().default(false),
})

/** What a scenario file says. */
export type LoadDefinition = z.input<typeof loadDefinitionSchema>
export type ScenarioDefinition = z.output<typeof scenarioSchema>
export type CheckedLoad = z.output<typeof loadDefinitionSchema>

import { z } from 'zod'
import { parseDuration } from './duration.ts'
import { shopperSharesSchema } from './shoppers/shopper-shares.ts'

export const MAX_RATE = 100_000
export const MAX_VUS = 10_000
/** A longer timer of the runtime would end immediately. */
export const MAX_TIMER_MS = 2 ** 31 - 1

export const TIME_EXAMPLES = '500ms, 30s, 1m30s or 2h'
const THINK_TIME = `must be a time such as ${TIME_EXAMPLES}, or two such as ['1s', '3s']`
const EXPRESSIONS = "must be a list such as ['p(99)<250'] or [{ threshold: 'p(99)<250', abortOnFail: true }]"

/** This message, unless the value is missing: then "is missing". */
const unlessMissing = (words: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? undefined : words),
})

/** An invalid value gets no further messages. */
const only = (error: string) => ({ error, abort: true })

type Time = string | number

/** One message for every error of a duration; `allowed` describes the condition `isAllowed`. */
const timeWhere = (isAllowed: (ms: number) => boolean, allowed: string) => {
  const words = `must be a time ${allowed}`
  return z.union([z.string(), z.number()], unlessMissing(words)).refine((time) => {
    const ms = parseDuration(time)
    return ms !== undefined && isAllowed(ms)
  }, only(words))
}
const endlessTime = timeWhere((ms) => ms > 0, `above 0 such as ${TIME_EXAMPLES}, or forever`)
const pause = timeWhere(Number.isFinite, `such as 0s, ${TIME_EXAMPLES}`)
const duration = timeWhere((ms) => ms > 0 && Number.isFinite(ms), `above 0 such as ${TIME_EXAMPLES}`)
const timer = timeWhere(
  (ms) => ms > 0 && ms <= MAX_TIMER_MS,
  `above 0 and at most 24d, such as ${TIME_EXAMPLES}`,
)

const isMore = (time: Time) => parseDuration(time) !== 0
const RATE = `must be a number from 0 to ${MAX_RATE} per second`
const RATE_ABOVE_ZERO = `must be a number above 0, at most ${MAX_RATE} per second`
const rate = z.number(unlessMissing(RATE)).min(0, only(RATE))
const wholeNumber = (least: number, most: number) => {
  const words = `must be a whole number from ${least} to ${most}`
  return z.int(unlessMissing(words)).min(least, only(words)).max(most, only(words))
}
const vus = wholeNumber(0, MAX_VUS)
const vusAboveZero = wholeNumber(1, MAX_VUS)
const stagesOf = <Target extends z.ZodNumber>(target: Target) =>
  z
    .array(z.strictObject({ duration: pause, target }))
    .min(1, only('must have at least one stage'))
    .refine(
      (stages) => stages.some(({ duration: length }) => isMore(length)),
      'must have a stage longer than 0s',
    )

/** Tags of every sample; a scenario's own tags need other names. */
export const placeTags = ['scenario', 'stage', 'lane']
export const requestTags = ['status', 'expected_response']
const tagName = z
  .string()
  .refine(
    (name) => ![...placeTags, ...requestTags].includes(name),
    'is a tag that every sample already has: use another name',
  )

const common = {
  /** When it begins, from the start of the run. */
  startTime: pause.default(0),
  /** Tags by which thresholds can select this scenario. */
  tags: z.record(tagName, z.string()).default({}),
  /** How long a client waits for an answer. */
  timeout: timer.default('30s'),
  /** After 429, 5xx or no answer, the client retries with the same idempotency key. */
  retry: z
    .strictObject({
      /** Most requests for one checkout. */
      attempts: wholeNumber(1, 100),
      /** Before the second request; doubled each time, jittered; a longer `Retry-After` takes precedence. */
      backoff: pause.default('200ms'),
    })
    .default({ attempts: 1, backoff: '200ms' }),
  shoppers: shopperSharesSchema.partial().default({}),
}

const arrivals = {
  ...common,
  /** Rates are per this unit: 2 per `1m`. */
  timeUnit: duration.default('1s'),
  /** Connections that are opened before the start. */
  preAllocatedVUs: vus.default(0),
  /** Most checkouts in flight; a further one that is due is a dropped iteration. */
  maxVUs: vusAboveZero.default(10_000),
}

const closed = {
  ...common,
  /** Pause of each VU between two checkouts: a duration, or a range of two. */
  thinkTime: z.union([pause, z.tuple([pause, pause])], unlessMissing(THINK_TIME)).default(0),
}

export const executors = [
  'constant-arrival-rate',
  'ramping-arrival-rate',
  'constant-vus',
  'ramping-vus',
] as const

/** The executors and names are k6's (grafana.com/docs/k6, scenarios). */
export const scenarioSchema = z.discriminatedUnion('executor', [
  z
    .strictObject({
      executor: z.literal('constant-arrival-rate'),
      ...arrivals,
      rate: z.number(unlessMissing(RATE_ABOVE_ZERO)).positive(only(RATE_ABOVE_ZERO)),
      duration: endlessTime,
    })
    .superRefine((scenario, context) => {
      checkArrivals(scenario, [[['rate'], scenario.rate]], context)
    }),
  z
    .strictObject({
      executor: z.literal('ramping-arrival-rate'),
      ...arrivals,
      startRate: rate.default(0),
      stages: stagesOf(rate),
    })
    .superRefine((scenario, context) => {
      const targets = scenario.stages.map(
        ({ target }, stage): PlacedRate => [['stages', stage, 'target'], target],
      )
      checkArrivals(scenario, [[['startRate'], scenario.startRate], ...targets], context)
    }),
  z.strictObject({
    executor: z.literal('constant-vus'),
    ...closed,
    vus: vusAboveZero,
    duration: endlessTime,
  }),
  z.strictObject({
    executor: z.literal('ramping-vus'),
    ...closed,
    startVUs: vus.default(0),
    stages: stagesOf(vus),
  }),
])

type PlacedRate = [path: PropertyKey[], rate: number]

function checkArrivals(
  { timeUnit, preAllocatedVUs, maxVUs }: { timeUnit: Time; preAllocatedVUs: number; maxVUs: number },
  rates: PlacedRate[],
  context: z.RefinementCtx,
): void {
  const unitMs = parseDuration(timeUnit) ?? 1_000
  for (const [path, value] of rates) {
    if ((value * 1_000) / unitMs <= MAX_RATE) continue
    context.addIssue({
      code: 'custom',
      path,
      input: value,
      message: path[0] === 'rate' ? RATE_ABOVE_ZERO : RATE,
    })
  }
  if (preAllocatedVUs > maxVUs) {
    context.addIssue({
      code: 'custom',
      path: ['preAllocatedVUs'],
      message: `must be at most maxVUs, ${maxVUs}`,
    })
  }
}

const thresholdSchema = z.union(
  [
    z.string(),
    z.strictObject({
      threshold: z.string(),
      /** Ends the run when it is broken. */
      abortOnFail: z.boolean().default(false),
      /** Not before this time of the run. */
      delayAbortEval: pause.default(0),
    }),
  ],
  "must be such as 'p(99)<250' or { threshold: 'p(99)<250', abortOnFail: true }",
)
/** The thresholds of one metric. */
export const thresholdListSchema = z.array(thresholdSchema, EXPRESSIONS)

export const loadDefinitionSchema = z.strictObject({
  /** One line, for `--help`. */
  description: z.string().default(''),
  scenarios: z
    .record(z.string().regex(/^[\w-]+$/, 'must be letters, digits, _ or -'), scenarioSchema)
    .refine((scenarios) => Object.keys(scenarios).length > 0, 'must have at least one scenario'),
  /** Thresholds of metrics in k6's syntax; the run fails if one is broken. */
  thresholds: z.record(z.string(), thresholdListSchema).default({}),
  /** Ends the run at the first stage that breaks a threshold, and reports the previous stage. */
  breakpoint: z.boolean().default(false),
})

/** Content of a scenario file. */
export type LoadDefinition = z.input<typeof loadDefinitionSchema>
export type ScenarioDefinition = z.output<typeof scenarioSchema>
export type CheckedLoad = z.output<typeof loadDefinitionSchema>

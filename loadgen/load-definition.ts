import { z } from 'zod'
import { parseDuration } from './duration.ts'
import { shopperSharesSchema } from './shoppers/shopper-shares.ts'

export const MAX_RATE = 100_000
export const MAX_VUS = 10_000
/** A timer of the runtime that is set for longer ends at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1

const TIME = 'must be a time such as 500ms, 30s, 1m30s or 2h'
const EXPRESSIONS = "must be a list such as ['p(99)<250'] or [{ threshold: 'p(99)<250', abortOnFail: true }]"

/** These words, unless nothing is given: then it is missing. */
const unlessMissing = (words: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? undefined : words),
})

type Time = string | number
const isAboveZero = (time: Time) => parseDuration(time) !== 0

const anyTime = z
  .union([z.string(), z.number()], unlessMissing(TIME))
  .refine((time) => parseDuration(time) !== undefined, TIME)
const time = anyTime.refine(isAboveZero, 'must be above 0')
const pause = anyTime.refine((text) => text !== 'forever', 'must have an end')
const duration = pause.refine(isAboveZero, { error: 'must be above 0', abort: true })
const timer = duration.refine((text) => (parseDuration(text) ?? 0) <= MAX_TIMER_MS, 'must be at most 24 days')
const rate = z.number().min(0, 'must not be below 0')
const vus = z.int().min(0, 'must not be below 0').max(MAX_VUS, `must be at most ${MAX_VUS}`)
const stagesOf = <Target extends z.ZodNumber>(target: Target) =>
  z
    .array(z.strictObject({ duration: pause, target }))
    .min(1, 'needs a stage')
    .refine((stages) => stages.some(({ duration: length }) => isAboveZero(length)), 'must last for some time')

/** What every sample has anyhow; a scenario's own tags are named otherwise. */
export const placeTags = ['scenario', 'stage', 'lane']
export const requestTags = ['status', 'expected_response']
const tagName = z
  .string()
  .refine(
    (name) => ![...placeTags, ...requestTags].includes(name),
    'is a tag that every sample has already: take another name',
  )

const common = {
  /** When it begins, counted from the start of the run. */
  startTime: pause.default(0),
  /** Names and values by which thresholds can choose this scenario. */
  tags: z.record(tagName, z.string()).default({}),
  /** How long a client waits for an answer. */
  timeout: timer.default('30s'),
  /** What a client does that got 429, 503 or no answer: it asks again with the same idempotency key. */
  retry: z
    .strictObject({
      /** Requests of one checkout in all. */
      attempts: z.int().min(1, 'must be at least 1').max(100, 'must be at most 100'),
      /** Before the second request; doubled each time, jittered; a `Retry-After` that is longer wins. */
      backoff: pause.default('200ms'),
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
  maxVUs: vus.positive('must be above 0').default(10_000),
}

const closed = {
  ...common,
  /** Pause of each VU between two checkouts: a time, or two to draw one between. */
  thinkTime: z
    .union([pause, z.tuple([pause, pause])], unlessMissing("must be a time, or two such as ['1s', '3s']"))
    .default(0),
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
      rate: rate.positive('must be above 0'),
      duration: time,
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
    vus: vus.positive('must be above 0'),
    duration: time,
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
    context.addIssue({ code: 'custom', path, message: `must be at most ${MAX_RATE} per second` })
  }
  if (preAllocatedVUs > maxVUs) {
    context.addIssue({ code: 'custom', path: ['preAllocatedVUs'], message: 'must not be above maxVUs' })
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
/** Those of one metric. */
export const thresholdListSchema = z.array(thresholdSchema, EXPRESSIONS)

export const loadDefinitionSchema = z.strictObject({
  /** One line, for `--help`. */
  description: z.string().default(''),
  scenarios: z
    .record(z.string().regex(/^[\w-]+$/, 'must be letters, digits, _ or -'), scenarioSchema)
    .refine((scenarios) => Object.keys(scenarios).length > 0, 'needs a scenario'),
  /** Bounds of metrics in k6's words; the run fails when one is broken. */
  thresholds: z.record(z.string(), thresholdListSchema).default({}),
  /** Ends the run at the first stage that breaks a threshold, and reports the one before it. */
  breakpoint: z.boolean().default(false),
})

/** What a scenario file says. */
export type LoadDefinition = z.input<typeof loadDefinitionSchema>
export type ScenarioDefinition = z.output<typeof scenarioSchema>
export type CheckedLoad = z.output<typeof loadDefinitionSchema>

import { z } from 'zod'

/** `stage` is the longest one of a purchase. */
export const factors = ['product', 'city', 'hour', 'stage', 'error'] as const

export const verdicts = {
  cause: 'slow more often than others alike, and than before',
  explained: 'slow more often only because of `explainedBy`',
  usual: 'slow more often than others, as before or as far as is known',
  unremarkable: 'not slow more often, or not by more than chance allows',
  few: 'too few purchases to say',
} as const
export type Verdict = keyof typeof verdicts

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const interval = z.tuple([z.number(), z.number()])
const time = z.iso.datetime()
const ratio = z
  .object({ ratio: z.number(), interval: interval.describe('95 %') })
  .nullable()
  .describe('How many times as often slow as others; null if there are none to compare with')

const sharesSchema = z.object({
  of: count.describe('Purchases'),
  slow: count.describe('Slow ones of them'),
  share,
  interval: interval.describe('95 %, by Wilson'),
})

const traitSchema = z.object({ factor: z.enum(factors), value: z.string() })

const differenceSchema = sharesSchema.extend({
  traits: z.array(traitSchema).min(1).max(2),
  lift: ratio,
  adjusted: ratio.describe(
    'The same among purchases alike in product, city and hour, by Mantel and Haenszel',
  ),
  verdict: z.enum(Object.keys(verdicts) as Verdict[]),
  explainedBy: z
    .array(traitSchema.partial({ value: true }))
    .optional()
    .describe('A cause, or factors that are mixed differently'),
})

const stageOfAllSchema = z.object({ stage: z.string(), minutes: z.number(), ofMinutes: z.number() })

const causeSchema = z.object({
  traits: z.array(traitSchema).min(1).max(2),
  since: time.nullable().describe('null: it has no known beginning'),
  until: time.nullable().describe('null: it has not ended'),
  isComparedWithBefore: z
    .boolean()
    .describe('false: too little is known of the time before, so it may be usual'),
  during: sharesSchema.describe('From `since` to `until`, within the period'),
  among: sharesSchema.describe(
    'The purchases that it could have met: those of its product, city or hour, or all',
  ),
  lift: ratio.describe('Of these purchases, compared with others of the same time'),
  stage: stageOfAllSchema
    .nullable()
    .describe('The stage that took the extra time: medians of its slow purchases'),
  chance: z.number().describe('At most this probable without a cause'),
  examples: z.array(z.string()).describe('Event ids, newest first'),
})

/** The answer of `GET /insights/slow`. Counts are those of the purchases that were read. */
export const slowPurchasesSchema = z.object({
  since: time,
  until: time,
  timeZone: z.string().describe('IANA name: the zone of hours'),
  purchases: sharesSchema,
  before: sharesSchema
    .extend({ since: time })
    .nullable()
    .describe('The time before, up to `since`; null if too little is known of it'),
  sampled: z
    .object({ of: count, read: count })
    .nullable()
    .describe('Not null: only this random part of the outcomes was read. Counts are not scaled'),
  staged: count.describe('Purchases whose stages were measured'),
  stages: z.array(
    z.object({
      stage: z.string(),
      slowMinutes: z.number().describe('Median of slow purchases'),
      quickMinutes: z.number().describe('Median of quick purchases'),
      shareOfExcess: share.describe('Part of the additional minutes of slow purchases, by means'),
    }),
  ),
  causes: z.array(causeSchema),
  differences: z.array(differenceSchema).describe('By factor, the greatest first'),
  candidates: count.describe('Tested for a cause'),
  text: z.object({ en: z.string(), es: z.string() }),
})

export type SlowPurchases = z.infer<typeof slowPurchasesSchema>
export type Shares = z.infer<typeof sharesSchema>
export type Difference = z.infer<typeof differenceSchema>
export type SlowCause = z.infer<typeof causeSchema>
export type StageOfAll = z.infer<typeof stageOfAllSchema>

import { z } from 'zod'
import { type LoadFigures, loadFiguresSchema } from '../../backbone/figures/member-figures.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { faultsOf } from '../../backbone/records/checkout-faults.ts'
import { type Fault, jsonPointer } from '../../backbone/records/fault.ts'
import { limitedText } from '../../backbone/records/limited-text.ts'

// The latest time that a Date can have.
const LATEST_MS = 8.64e15

const time = z.int().min(0).max(LATEST_MS)
const name = limitedText(1, 200)
const count = z.int().min(0)
const rate = z.number().min(0)
const ms = z.number().min(0).optional()

/** What a client may report; the same fields as those that are published. */
export const reportedLoadSchema = z
  .strictObject({
    ...loadFiguresSchema.shape,
    run: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -'),
    name,
    at: time.describe('Milliseconds since the epoch; only its distance from `startedAt` counts'),
    startedAt: time,
    stage: name.describe('The stage that is running, or that has just ended'),
    planned: rate.describe('Planned checkouts per second now; 0 if the load has no planned rate'),
    sent: count.describe('Requests since the start of the run'),
    accepted: count.describe('Checkouts answered 202, since the start'),
    failed: count.describe('Failed requests, since the start'),
    p50: ms.describe('Latency over the last second, in milliseconds; absent without answers'),
    p99: ms,
    delayP50: ms.describe('POST to notification, over the last second'),
    delayP99: ms,
    ends: z.literal(true).optional().describe('The last report of the run'),
  } satisfies Record<keyof LoadFigures, z.ZodType>)
  .refine(({ at, startedAt }) => startedAt <= at, { path: ['startedAt'], error: 'must not be after at' })

/** Throws `invalid-figures` with all faults. */
export function readReportedLoad(json: unknown): LoadFigures {
  const { data, error } = reportedLoadSchema.safeParse(json)
  if (data) return data
  throw new ProblemError('invalid-figures', { errors: allFaults(error.issues, json) })
}

function allFaults(issues: readonly z.core.$ZodIssue[], json: unknown): Fault[] {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  const others = issues.filter(({ code }) => code !== 'unrecognized_keys')
  return [
    ...faultsOf(reportedLoadSchema, others, json),
    ...unknown.map(
      (field): Fault => ({
        pointer: jsonPointer([field]),
        code: 'unknown_field',
        detail: 'is not a field of the figures',
      }),
    ),
  ]
}

import { z } from 'zod'
import { cleanText } from '../records/clean-text.ts'
import { OUTCOME_ID } from '../records/event-id.ts'
import { kindList } from './kind-list.ts'
import { isPeriod, once, owner, page, period, periodFault } from './query-parameters.ts'

const folio = once
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{3}-[0-9]{4}$/, 'must be three letters, a dash and four digits')
// Cleaned as the stored field is, so that a text that looks equal is equal.
const product = once
  .transform((text) => cleanText(text, () => undefined))
  .pipe(z.string().min(1, 'must not be empty'))

/** The parameters that select outcomes. */
const outcomeFilters = {
  owner,
  customer: once
    .toLowerCase()
    .regex(/^[0-9a-f]{24}$/, 'must be 24 hexadecimal digits')
    .optional(),
  folio: folio.optional(),
  product: product.optional(),
  ...period,
}

/** The parameters of every list of outcomes. */
const listParameters = {
  ...outcomeFilters,
  ...page,
  from: once.pipe(z.enum(['earliest', 'now'], 'must be earliest or now')).optional(),
}

const sortOrder = once.pipe(z.enum(['asc', 'desc'], 'must be asc or desc'))

interface Start {
  order: 'asc' | 'desc'
  from?: 'earliest' | 'now' | undefined
}

const hasStart = ({ order, from }: Start) => order === 'asc' || from !== 'earliest'
const startFault = { path: ['from'], error: 'earliest requires order=asc: nothing is older' }

/**
 * The query of `GET /notifications` and its stream, as processors read it and gateways validate it.
 */
export const notificationsQuerySchema = z
  .strictObject({
    kind: kindList.default('notified'),
    ...listParameters,
    /** `event-source-polyfill` sends the last id as this parameter, because it cannot send the header. */
    lastEventId: once.optional(),
    order: sortOrder.default('asc'),
  })
  .refine(isPeriod, periodFault)
  .refine(hasStart, startFault)
  .refine(({ order, lastEventId }) => order === 'asc' || !lastEventId, {
    path: ['lastEventId'],
    error: 'requires order=asc: it is the position of a stream',
  })

/** The query of `GET /checkouts`. */
export const checkoutsQuerySchema = z
  .strictObject({
    kind: kindList.default('all'),
    ...listParameters,
    eventId: once.regex(OUTCOME_ID, 'must be an event id').optional(),
    idempotencyKey: once.regex(/^[!-~]{1,255}$/, 'must have 1 to 255 visible ASCII characters').optional(),
    order: sortOrder.default('desc'),
  })
  .refine(isPeriod, periodFault)
  .refine(hasStart, startFault)
  .refine(({ idempotencyKey, customer }) => idempotencyKey === undefined || customer !== undefined, {
    path: ['idempotencyKey'],
    error: 'requires customer: only both together name an event',
  })

export const exportFormats = ['ndjson', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** The query of `GET /notifications/export`. */
export const exportQuerySchema = z
  .strictObject({
    kind: kindList.default('notified'),
    ...outcomeFilters,
    format: once.pipe(z.enum(exportFormats, 'must be ndjson or csv')).default('ndjson'),
  })
  .refine(isPeriod, periodFault)

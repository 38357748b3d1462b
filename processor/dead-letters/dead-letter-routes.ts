import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import type { Identity } from '../../backbone/access/identity.ts'
import { assertNoCustomer, mayKnow, ownerToRead } from '../../backbone/access/may-know.ts'
import { type DeadLettersQuery, deadLettersQuerySchema } from '../../backbone/http/dead-letters-query.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { validateDeadLetterId, validateNoQuery, validateQuery } from '../../backbone/http/validate-request.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { DeadLetter } from '../../backbone/records/dead-letter.ts'
import { eventIdOfRedrive } from '../../backbone/records/event-id.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { OutcomeStore, OutcomeWaits } from '../read-model/outcome-store.ts'
import { createFairScheduler } from '../results/fair-scheduler.ts'
import type { createPresentation } from '../results/mask-outcome.ts'
import { validateHeaders } from '../results/validate-headers.ts'
import { decodeLetterCursor, encodeLetterCursor } from './dead-letter-cursor.ts'
import type { DeadLetterFollower } from './follow-dead-letters.ts'
import { presentDeadLetter, presentDetails } from './present-dead-letter.ts'
import type { DeadLetterEntry, DeadLetterPlace } from './record.ts'

export type DeadLetters = Pick<DeadLetterFollower, 'file' | 'behind' | 'unread'>

interface RoutesOptions {
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Throws while this member does not know all outcomes yet. */
  withResults: MiddlewareHandler
  /** Undefined: this member only classifies. */
  deadLetters: DeadLetters | undefined
  readModel: Pick<OutcomeStore, 'find'> & Pick<OutcomeWaits, 'findWithin'>
  presentTo: ReturnType<typeof createPresentation>
  draining: AbortSignal
}

// One look-up of an outcome or two for each.
const READ_AT_ONCE = 50
// With a filter that few match, an answer has fewer items and a cursor.
const MOST_EXAMINED = 5_000

/** Dead letters, for operators: as pages, the newest first, and one with its bytes. */
export function deadLetterRoutes(app: Hono<AccessEnv>, options: RoutesOptions): void {
  const { mayOperate, withResults, readModel, presentTo, draining } = options
  const list = createLister(options, createFairScheduler())
  const withLetters: MiddlewareHandler = (_, next) => {
    const detail = options.deadLetters?.behind()
    if (detail === undefined) return next()
    throw new ProblemError('results-unavailable', { detail })
  }

  app.get(
    '/dead-letters',
    mayOperate,
    validateQuery(deadLettersQuerySchema),
    withResults,
    withLetters,
    async (context) => {
      assertNoCustomer(context.var.identity)
      // Before the file is read: what is added meanwhile may be listed, but not the reverse.
      const unread = options.deadLetters?.unread() ?? 0
      const page = await list(context.req.valid('query'), context.var.identity)
      return context.json({ ...page, unread })
    },
  )

  const validId = [validateDeadLetterId(), validateNoQuery(), validateHeaders()] as const
  app.get('/dead-letters/:id', mayOperate, ...validId, withResults, withLetters, async (context) => {
    const { identity } = context.var
    assertNoCustomer(identity)
    const { id } = context.req.valid('param')
    const seconds = context.req.valid('header').prefer
    const row = options.deadLetters?.file.use((file) => file.find(id))
    // The same answer for those of others: it does not reveal that they exist.
    if (row !== undefined && !mayKnow(identity, row.owner, () => undefined))
      throw new ProblemError('unknown-dead-letter')
    if (row === undefined)
      throw unknownLetter(
        identity.readsAll ? (options.deadLetters?.file.use((file) => file.fullIds(id)) ?? []) : [],
      )
    const redriven = await readModel.findWithin(
      redriveEventOf(row),
      seconds * 1_000,
      context.req.raw.signal,
      draining,
    )
    const outcomes = { redriven, invalid: invalidOf(row, readModel) }
    if (seconds > 0) context.header('preference-applied', `wait=${seconds}`)
    return context.json(presentDetails(row, outcomes, identity, presentTo(identity)))
  })

  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/dead-letters', readOnly)
  app.all('/dead-letters/:id', readOnly)
}

function createLister({ deadLetters, readModel }: RoutesOptions, schedule: () => Promise<void>) {
  /** `next` is null at the end. */
  return async function list(query: DeadLettersQuery, identity: Identity) {
    const { reason: reasons, since, until, limit, redriven: wanted } = query
    const owner = ownerToRead(identity, query.owner)
    const items: DeadLetter[] = []
    let before: DeadLetterPlace | undefined =
      query.cursor === undefined ? undefined : decodeLetterCursor(query.cursor)
    for (let examined = 0; examined < MOST_EXAMINED; ) {
      await schedule()
      const entries =
        deadLetters?.file.use((file) => file.list({ owner, reasons, since, until }, before, READ_AT_ONCE)) ??
        []
      for (const entry of entries) {
        const redriven = outcomeOf(redriveEventOf(entry), readModel)
        examined += 1
        before = entry
        if (wanted !== undefined && wanted !== (redriven !== undefined)) continue
        items.push(presentDeadLetter(entry, { redriven, invalid: invalidOf(entry, readModel) }, identity))
        if (items.length === limit) return { items, next: encodeLetterCursor(before) }
      }
      if (entries.length < READ_AT_ONCE) return { items, next: null }
    }
    return { items, next: before === undefined ? null : encodeLetterCursor(before) }
  }
}

type Found = Pick<OutcomeStore, 'find'>

function outcomeOf(eventId: string, readModel: Found): Outcome | undefined {
  const found = readModel.find(eventId)
  return found && parseOutcome(found.json)
}

const redriveEventOf = ({ fullId, partition, facts }: DeadLetterEntry): string =>
  eventIdOfRedrive(fullId, facts.source?.partition ?? partition)

/** The outcome of its own record: it has the full id if the other one was taken. */
function invalidOf(entry: DeadLetterEntry, readModel: Found): Outcome | undefined {
  const { id, fullId, facts } = entry
  const ids = id === fullId ? [id] : [id, fullId]
  return ids
    .map((eventId) => outcomeOf(eventId, readModel))
    .find((outcome) => isOutcomeAt(outcome, facts.source))
}

const isOutcomeAt = (outcome: Outcome | undefined, place: DeadLetterEntry['facts']['source']): boolean =>
  outcome !== undefined &&
  outcome.source.partition === place?.partition &&
  outcome.source.offset === place.offset

const unknownLetter = (fullIds: readonly string[]): ProblemError =>
  new ProblemError(
    'unknown-dead-letter',
    fullIds.length === 0
      ? {}
      : { detail: `Several dead letters have this id. They are ${fullIds.join(', ')}` },
  )

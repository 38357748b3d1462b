import { ProblemError } from '../../backbone/problem.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import {
  type DescendingCursor,
  decodeDescendingCursor,
  encodeCursor,
  encodeDescendingCursor,
} from './cursor.ts'
import type { Present } from './mask-outcome.ts'
import type { OutcomesQuery } from './outcomes-query.ts'
import { bodyOf, itemsJson } from './page-body.ts'
import { type Gap, latest, newest, resumeDescending } from './resume-cursor.ts'

// A filter without an index may match nothing among millions. Each piece reads thousands of outcomes.
const PIECES_PER_PAGE = 16
const FOLLOWED_WITHIN_MS = 2_000

interface Reading {
  readModel: OutcomeStore
  query: OutcomesQuery
  present: Present
  /** Resolves when the next piece may be read. */
  schedule: () => Promise<void>
  disconnected: AbortSignal
}

/**
 * One page as JSON, newest first: `{items, next}`, and `gap` if outcomes were removed since the first page. The
 * first page has `newer`, too: the cursor of a stream of all later outcomes. Without `next` there is nothing
 * older. A page may have fewer items than the limit and `next`: what it may read is limited; `remaining` is the number
 * of outcomes, at most, that `next` has not looked at. Rejects with `invalid-request` for an invalid cursor, with
 * `results-unavailable` if this member is behind it. The search ends when the client disconnects.
 */
export const listNewestFirst = (reading: Reading) => bodyOf(readPage(reading))

async function* readPage({ readModel, query, present, schedule, disconnected }: Reading) {
  const { filter, limit, cursor } = query
  const newer = cursor === undefined ? encodeCursor(latest(readModel.partitions())) : undefined
  let place = cursor === undefined ? newest(readModel.partitions()) : decodeDescendingCursor(cursor)
  await waitUntilFollowed(readModel, place, disconnected)

  yield Buffer.from('{"items":[')
  let items = 0
  let isEnd = false
  const gaps: Gap[] = []
  for (let pieces = 0; !isEnd && items < limit && pieces < PIECES_PER_PAGE; pieces++) {
    await schedule()
    if (disconnected.aborted) return
    const { gaps: missing, ...resumed } = resumeDescending(place, readModel.partitions())
    gaps.push(...missing)
    const page = readModel.before(resumed.before, filter, limit - items)
    yield itemsJson(page.records, items, present)
    items += page.records.length
    place = { ...resumed, before: page.next }
    isEnd = page.end
  }

  const rest = {
    ...(isEnd ? {} : { next: encodeDescendingCursor(place), remaining: remainingOf(place) }),
    ...(newer === undefined ? {} : { newer }),
    ...(gaps.length > 0 ? { gap: gaps } : {}),
  }
  const fields = JSON.stringify(rest).slice(1)
  yield Buffer.from(fields === '}' ? ']}' : `],${fields}`)
}

const remainingOf = ({ before, first }: DescendingCursor): number =>
  before.reduce((sum, offset, partition) => sum + Math.max(0, offset - (first[partition] ?? 0)), 0)

/** The cursor may be of a member that has followed more: this one would miss what it does not have yet. */
async function waitUntilFollowed(
  readModel: OutcomeStore,
  place: DescendingCursor,
  disconnected: AbortSignal,
): Promise<void> {
  const { before, first } = resumeDescending(place, readModel.partitions())
  for (const [partition, offset] of before.entries()) {
    if (offset <= (first[partition] ?? 0)) continue
    const isKnown = partition < readModel.partitions().length
    if (isKnown && (await readModel.reached(partition, offset, FOLLOWED_WITHIN_MS, disconnected))) continue
    throw new ProblemError('results-unavailable', { detail: 'This processor is behind the cursor' })
  }
}

import type { DatabaseSync } from 'node:sqlite'
import type { Order } from './merge-partitions.ts'
import { type IndexedColumn, partsOf } from './schema.ts'

/** How the rows of a read are found: by an index, or all in the order of their offsets. */
export type Selected = 'order' | 'customer' | 'link' | 'events'

/** Of {@link OUTCOME_COLUMNS}. */
export interface OutcomeRow {
  position: number
  kind: number
  classified_at: number
  owner: string
  json: Uint8Array
}

// The whole filter, so that rows that do not match are never read. Only what was found by a hash or by bytes
// has to be verified.
const PASSES = `(1 << kind) & ?3 AND classified_at >= ?4 AND classified_at < ?5
  AND owner = ifnull(?6, owner) AND (?7 IS NULL OR instr(json, ?7))`
const WITHIN = 'position >= ?1 AND position < ?2'
export const OUTCOME_COLUMNS = 'position, kind, classified_at, owner, json'

const selectIn = (column: IndexedColumn, condition: string) =>
  Object.values(partsOf(column))
    .map((table) => `SELECT position FROM ${table} WHERE ${column} ${condition}`)
    .join(' UNION ALL ')

export function prepareStatements(database: DatabaseSync) {
  return {
    /** `?1`: the hash of an event id. */
    byEvent: database.prepare(
      `SELECT position, owner, json FROM outcomes WHERE position IN (${selectIn('event', '= ?1')})`,
    ),

    /** `?1`, `?2`: the hash and position after which to continue. `?3`: the limit. */
    events: database.prepare(
      `SELECT event, position FROM events WHERE (event, position) > (?1, ?2)
       UNION ALL SELECT event, position FROM recent_events WHERE (event, position) > (?1, ?2)
       ORDER BY event, position LIMIT ?3`,
    ),

    /** `?1` to `?7`: the filter. `?8`: the limit. `?9`: the hash, or for `events` the hashes in JSON. */
    selections: {
      'oldest first': prepareSelections(database, 'ORDER BY position'),
      'newest first': prepareSelections(database, 'ORDER BY position DESC'),
    } satisfies Record<Order, unknown>,
  }
}

function prepareSelections(database: DatabaseSync, ordered: string) {
  // Cross joins force the order of the index: the thousands of outcomes of a customer are not sorted for each
  // page.
  const partBy = (column: IndexedColumn, table: string) =>
    `SELECT * FROM (SELECT ${OUTCOME_COLUMNS} FROM ${table} AS part CROSS JOIN outcomes USING (position)
     WHERE part.${column} = ?9 AND ${WITHIN} AND ${PASSES} ${ordered} LIMIT ?8)`
  const by = (column: IndexedColumn) => {
    const { large, recent } = partsOf(column)
    return `${partBy(column, large)} UNION ALL ${partBy(column, recent)} ${ordered} LIMIT ?8`
  }
  const given = 'IN (SELECT value FROM json_each(?9))'
  const byEvents = `SELECT ${OUTCOME_COLUMNS} FROM outcomes
    WHERE position IN (${selectIn('event', given)} UNION ALL ${selectIn('link', given)})
    AND ${WITHIN} AND ${PASSES} ${ordered} LIMIT ?8`
  return {
    order: database.prepare(
      `SELECT ${OUTCOME_COLUMNS} FROM outcomes WHERE ${WITHIN} AND ${PASSES} ${ordered} LIMIT ?8`,
    ),
    customer: database.prepare(by('customer')),
    link: database.prepare(by('link')),
    events: database.prepare(byEvents),
  } satisfies Record<Selected, unknown>
}

import type { DatabaseSync } from 'node:sqlite'
import { baseKinds, kindRules, type OutcomeKind } from '../../backbone/records/outcome.ts'
import { parseOutcome } from './encoded-outcome.ts'
import type { KindFilter } from './record.ts'

interface NamedKind {
  number: number
  name: OutcomeKind
}

/** The number of each kind in a file; kinds that rules have added get theirs with their first outcome. */
export const kindsSql = `
  CREATE TABLE kinds (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO kinds VALUES ${baseKinds.map((kind) => `(${kindRules[kind].number}, '${kind}')`).join(', ')};`

// A mask of the numbers 0 to 52 is a safe integer. All kinds without a number of their own share the last one: it is
// unlikely that rules change so often, but no outcome may be lost.
const SHARED = 52
const ALL = 2 ** (SHARED + 1) - 1
const SILENT = maskOf(
  baseKinds.filter((kind) => !kindRules[kind].isNotified).map((kind) => kindRules[kind].number),
)

function maskOf(numbers: Iterable<number>): number {
  return [...new Set(numbers)].reduce((mask, number) => mask + 2 ** number, 0)
}

/** For the only writer, within its transactions. */
export function createKindNumbers(database: DatabaseSync): (kind: OutcomeKind) => number {
  const add = database.prepare(
    `INSERT OR IGNORE INTO kinds (name) SELECT ? WHERE (SELECT max(number) FROM kinds) < ${SHARED - 1}`,
  )
  const find = database.prepare('SELECT number FROM kinds WHERE name = ?')
  const known = new Map<OutcomeKind, number>(baseKinds.map((kind) => [kind, kindRules[kind].number]))

  return function numberOf(kind) {
    const number = known.get(kind)
    if (number !== undefined) return number
    add.run(kind)
    // Not remembered: if this transaction is rolled back, the row is lost.
    return Number(find.get(kind)?.['number'] ?? SHARED)
  }
}

/** For readers. */
export function createKindNames(database: DatabaseSync) {
  const all = database.prepare('SELECT number, name FROM kinds')
  let names = new Map<number, OutcomeKind>()
  let numbers = new Map<OutcomeKind, number>()
  readAgain()

  function readAgain() {
    const kinds = all.all() as unknown as NamedKind[]
    names = new Map(kinds.map(({ number, name }) => [number, name]))
    numbers = new Map(kinds.map(({ number, name }) => [name, number]))
  }

  return {
    nameOf({ kind, json }: { kind: number; json: Uint8Array }): OutcomeKind {
      const name = names.get(kind)
      if (name !== undefined) return name
      if (kind !== SHARED) readAgain()
      return names.get(kind) ?? parseOutcome(json).kind
    },

    /** Whether the mask may have selected outcomes of this number that are of another kind. */
    isShared: (number: number): boolean => number === SHARED,

    /** The bits of the numbers that outcomes of these kinds have; others may share the last one. */
    maskOf(kinds: KindFilter): number {
      if (kinds === 'all') return ALL
      if (kinds === 'notified') return ALL - SILENT
      if ([...kinds].some((kind) => !numbers.has(kind))) readAgain()
      return maskOf([...kinds].map((kind) => numbers.get(kind) ?? SHARED))
    },
  }
}

import type { DatabaseSync } from 'node:sqlite'
import { baseKinds, kindRules, type OutcomeKind } from '../../backbone/records/outcome.ts'
import { hasKind } from './matches.ts'
import type { KindFilter } from './record.ts'

interface NamedKind {
  number: number
  name: OutcomeKind
}

/** The number of each kind in a file; kinds that rules have added get theirs with their first outcome. */
export const kindsSql = `
  CREATE TABLE kinds (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO kinds VALUES ${baseKinds.map((kind) => `(${kindRules[kind].number}, '${kind}')`).join(', ')};`

/** For the only writer, within its transactions. */
export function createKindNumbers(database: DatabaseSync): (kind: OutcomeKind) => number {
  const add = database.prepare('INSERT OR IGNORE INTO kinds (name) VALUES (?)')
  const find = database.prepare('SELECT number FROM kinds WHERE name = ?')
  const known = new Map<OutcomeKind, number>(baseKinds.map((kind) => [kind, kindRules[kind].number]))

  return function numberOf(kind) {
    const number = known.get(kind)
    if (number !== undefined) return number
    add.run(kind)
    // Not remembered: if this transaction is rolled back, the row is lost.
    return Number(find.get(kind)?.['number'])
  }
}

/** For readers. */
export function createKindNames(database: DatabaseSync) {
  const all = database.prepare('SELECT number, name FROM kinds')
  const read = () => all.all() as unknown as NamedKind[]
  let known = new Map<number, OutcomeKind>()

  return {
    /** Of a kind with outcomes in the file. */
    nameOf(number: number): OutcomeKind {
      const name = known.get(number)
      if (name !== undefined) return name
      known = new Map(read().map((kind) => [kind.number, kind.name]))
      return known.get(number) ?? 'invalid'
    },

    /** The numbers of the kinds of a filter, as JSON. */
    numbersOf: (kinds: KindFilter): string =>
      JSON.stringify(
        read()
          .filter(({ name }) => hasKind(kinds, name))
          .map(({ number }) => number),
      ),
  }
}

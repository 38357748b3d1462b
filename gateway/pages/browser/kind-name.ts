import type { BaseKind, OutcomeKind } from '../../../backbone/records/outcome.ts'

/** The name of a kind in the language of the page; rules of the system add kinds that only have their own. */
export const kindName = (names: Record<BaseKind, string>, kind: OutcomeKind): string =>
  Object.hasOwn(names, kind) ? names[kind as BaseKind] : kind

import type { OutcomeStore } from '../read-model/outcome-store.ts'
import type { Present } from './mask-outcome.ts'
import type { OutcomesQuery } from './outcomes-query.ts'
import type { OnSent } from './record-sent.ts'

/** What the reading of one page needs. */
export interface Reading {
  readModel: OutcomeStore
  query: OutcomesQuery
  present: Present
  /** Resolves when the next piece may be read. */
  schedule: () => Promise<void>
  /** Called with the outcomes of each piece. */
  onSent: OnSent
  disconnected: AbortSignal
}

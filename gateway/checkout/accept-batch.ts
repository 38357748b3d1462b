import { type Problem, type ProblemCode, problemBody, toProblem } from '../../backbone/problem.ts'
import { type Lane, laneOf } from '../../backbone/records/partition.ts'
import { type AcceptCheckout, type Accepted, type Submission, usedKeyOf } from './accept-checkout.ts'
import { keyInBatch, ownIdempotencyKey } from './idempotency-key.ts'
import type { IdempotencyWindow } from './idempotency-window.ts'
import type { BatchRecord } from './read-batch.ts'
import { checkoutFrom } from './read-checkout.ts'

/** Result of one record, as if it had been sent alone. */
export interface BatchResult {
  status: number
  /** The same record sent with this key is the same event, alone or in a batch. */
  idempotencyKey: string | undefined
  /** Whether a retry of the unchanged record can succeed. */
  retry: boolean
  replayed?: true
  accepted?: Accepted
  problem?: Problem
}

/** What the figures need to know of the answer to one record. */
export interface ElementAnswer {
  status: number
  /** Undefined if the record could not be read. */
  lane: Lane | undefined
  code: ProblemCode | undefined
}

interface BatchDependencies {
  window: Pick<IdempotencyWindow<unknown>, 'use'>
  /** Whether purchases with faults in other fields are accepted. */
  lenient: boolean
  accept: AcceptCheckout
  /** Called with each unexpected error. */
  onInternal: (error: unknown) => void
  onAnswer: (answer: ElementAnswer) => void
}

/**
 * Accepts each record independently, in order: a record that is invalid or cannot be stored does not affect
 * the others. A record without its own key is identified by the key of the batch and its normalised body,
 * never by its position: the remaining records of a corrected batch are the same events, and identical
 * records are one event. Never rejects.
 */
export async function acceptBatch(
  records: readonly BatchRecord[],
  submission: Submission,
  { window, lenient, accept, onInternal, onAnswer }: BatchDependencies,
): Promise<BatchResult[]> {
  const { idempotencyKey: batchKey } = submission

  function identified(fingerprint: string, ownKey: string | undefined): Submission {
    if (ownKey !== undefined || batchKey === undefined) return { ...submission, idempotencyKey: ownKey }
    return { ...submission, idempotencyKey: keyInBatch(batchKey, fingerprint) }
  }

  async function acceptOne(record: BatchRecord): Promise<BatchResult> {
    let idempotencyKey: string | undefined
    let lane: Lane | undefined
    try {
      if ('problem' in record) throw record.problem
      idempotencyKey = ownIdempotencyKey(record.value)
      const submitted = checkoutFrom(record.value, lenient)
      lane = laneOf(submitted.checkout)
      const own = identified(submitted.fingerprint, idempotencyKey)
      idempotencyKey = own.idempotencyKey
      const { answer, replayed } = await accept(submitted, own)
      onAnswer({ status: 202, lane, code: undefined })
      return {
        status: 202,
        idempotencyKey,
        retry: false,
        ...(replayed ? { replayed } : {}),
        accepted: answer,
      }
    } catch (error) {
      const known = toProblem(error)
      if (known.code === 'internal') onInternal(error)
      const problem = problemBody(known)
      onAnswer({ status: problem.status, lane, code: known.code })
      return {
        status: problem.status,
        idempotencyKey,
        retry: problem.status >= 500,
        problem,
      }
    }
  }

  const key = usedKeyOf(submission)
  const endUse = key === undefined ? undefined : window.use(key)
  const results = await Promise.all(records.map(acceptOne))
  endUse?.(results.some(({ status }) => status === 202))
  return results
}

import { type Problem, ProblemError, problemBody, toProblem } from '../backbone/problem.ts'
import type { AcceptCheckout, Accepted, Submission } from './accept-checkout.ts'
import { checkIdempotencyKey } from './idempotency-key.ts'
import type { BatchRecord } from './read-batch.ts'
import { createCheckoutReader } from './read-checkout.ts'

/** What became of one record, as if it had come alone. */
export interface BatchResult {
  status: number
  /** The same record under the same key is the same event. */
  idempotencyKey: string | undefined
  /** Whether sending it again, as it is, can succeed. */
  retry: boolean
  replayed?: true
  accepted?: Accepted
  problem?: Problem
}

const recordFrom = createCheckoutReader(['idempotencyKey'])

interface BatchDependencies {
  /** Whether purchases are taken in spite of faults in their other fields. */
  lenient: boolean
  accept: AcceptCheckout
  /** Told of what is nobody's fault but ours. */
  onInternal: (error: unknown) => void
}

/**
 * Accepts each record by itself, in order: one that is faulty or cannot be stored harms no other. Those without a key of
 * their own are numbered under that of the submission. Never rejects.
 */
export function acceptBatch(
  records: readonly BatchRecord[],
  submission: Submission,
  { lenient, accept, onInternal }: BatchDependencies,
): Promise<BatchResult[]> {
  const used = new Set<string>()

  async function acceptOne(record: BatchRecord, index: number): Promise<BatchResult> {
    let idempotencyKey: string | undefined
    try {
      idempotencyKey = keyOf(record, index, submission.idempotencyKey)
      if ('problem' in record) throw record.problem
      if (idempotencyKey !== undefined && used.has(idempotencyKey)) throw new ProblemError('duplicate-key')
      if (idempotencyKey !== undefined) used.add(idempotencyKey)
      const checkout = recordFrom(record.value, lenient)
      const { answer, replayed } = await accept(checkout, { ...submission, idempotencyKey })
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
      return {
        status: problem.status,
        idempotencyKey,
        retry: problem.status >= 500,
        problem,
      }
    }
  }

  return Promise.all(records.map(acceptOne))
}

function keyOf(record: BatchRecord, index: number, ofBatch: string | undefined): string | undefined {
  const value = 'value' in record ? record.value : undefined
  const own =
    typeof value === 'object' && value !== null && 'idempotencyKey' in value
      ? value.idempotencyKey
      : undefined
  if (own !== undefined) return checkIdempotencyKey(own)
  return ofBatch === undefined ? undefined : checkIdempotencyKey(`${ofBatch}/${index}`)
}

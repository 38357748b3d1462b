import type { Context } from 'hono'
import { prefersLenient } from '../../backbone/http/preferences.ts'
import { ProblemError, problemResponse } from '../../backbone/problem.ts'
import { acceptBatch, type BatchResult, type ElementAnswer } from './accept-batch.ts'
import type { AcceptCheckout } from './accept-checkout.ts'
import type { IdempotencyWindow } from './idempotency-window.ts'
import type { BodyFormat } from './media-type.ts'
import { readBatch } from './read-batch.ts'
import type { SubmissionEnv } from './read-submission.ts'

interface BatchOptions {
  accept: AcceptCheckout
  window: Pick<IdempotencyWindow<unknown>, 'use'>
  maxRecordBytes: number
  onInternal: (error: unknown, requestId: string) => void
}

/** Answers with the result of each checkout, in the same order. */
export async function postBatch(
  context: Context<SubmissionEnv>,
  { body, format }: { body: Uint8Array; format: BodyFormat },
  options: BatchOptions,
): Promise<Response> {
  const records = readBatch(body, format, options.maxRecordBytes)
  const lenient = prefersLenient(context.req.header('prefer'))
  const elements: ElementAnswer[] = []
  const results = await acceptBatch(records, context.get('submission'), {
    accept: options.accept,
    window: options.window,
    onInternal: (error) => options.onInternal(error, context.get('requestId')),
    onAnswer: (answer) => elements.push(answer),
    lenient,
  })
  context.set('elements', elements)

  const refusal = refusalOf(results)
  if (refusal) return problemResponse(refusal, { results })
  if (lenient) context.header('preference-applied', 'handling=lenient')
  return context.json({ results }, results.every(isAccepted) ? 202 : 207)
}

const isAccepted = ({ status }: BatchResult) => status === 202

function refusalOf(results: readonly BatchResult[]): ProblemError | undefined {
  if (results.some(isAccepted)) return undefined
  return new ProblemError(results.some(({ retry }) => retry) ? 'batch-not-stored' : 'batch-refused')
}

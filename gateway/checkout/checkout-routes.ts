import type { Hono } from 'hono'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import type { Admission } from '../overload/admission.ts'
import type { WaitLimit } from '../overload/wait-limit.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'
import { type AcceptCheckout, type Accepted, type Submission, usedKeyOf } from './accept-checkout.ts'
import { contentCoding, decodeBody } from './content-coding.ts'
import { rejectEarly, rejectVisitsEarly } from './early-rejection.ts'
import type { IdempotencyWindow } from './idempotency-window.ts'
import { batchFormat } from './media-type.ts'
import { postBatch } from './post-batch.ts'
import { postCheckout } from './post-checkout.ts'
import type { SubmissionEnv } from './read-submission.ts'
import { createBodyReceiver } from './receive-body.ts'
import { assertSigned } from './request-signature.ts'

// For batches. A gateway has 512 MiB, which must also hold the queue (32 MiB) and the remembered answers.
const MOST_RECEIVING_BYTES = 64 * 1024 * 1024

interface CheckoutRoutesOptions {
  admission: Admission
  /** Throws `overloaded` if the publisher has no room for a purchase whose client first tried at `since`. */
  checkRoom: (since: number) => void
  accept: AcceptCheckout
  window: Pick<IdempotencyWindow<Accepted>, 'hasUsed' | 'use'>
  results: ResultsProxy
  waits: WaitLimit
  maxBodyBytes: number
  maxBatchBytes: number
  bodyTimeoutMs: number
  onInternal: (error: unknown, requestId: string) => void
}

/** Routes that accept checkouts, single or in batches, after their submission has been read. */
export function checkoutRoutes(app: Hono<SubmissionEnv>, options: CheckoutRoutesOptions): void {
  const { admission, checkRoom, accept, window, results, waits, onInternal } = options
  const { maxBodyBytes, maxBatchBytes, bodyTimeoutMs } = options
  function mayRepeat(submission: Submission): boolean {
    const key = usedKeyOf(submission)
    return key !== undefined && window.hasUsed(key)
  }
  const rejectUnread = rejectEarly({ admission, mayRepeat, checkRoom })
  const rejectVisits = rejectVisitsEarly({ admission, mayRepeat })

  const receive = createBodyReceiver({ maxBytes: maxBodyBytes, withinMs: bodyTimeoutMs })
  app.post(
    '/checkout',
    postCheckout({ rejectUnread, rejectVisits, receive, maxBodyBytes, accept, results, waits }),
  )
  app.all('/checkout', otherMethods('POST'))

  const receiveBatch = createBodyReceiver({
    maxBytes: maxBatchBytes,
    withinMs: bodyTimeoutMs,
    mostTogetherBytes: MOST_RECEIVING_BYTES,
  })
  app.post('/checkout/batch', async (context) => {
    rejectUnread(context, context.get('submission'))
    const coding = contentCoding(context.req)
    const format = batchFormat(context.req)
    const received = await receiveBatch(context)
    assertSigned(context.req, received, context.get('key'))
    const body = decodeBody(received, coding, maxBatchBytes)
    return postBatch(context, { body, format }, { accept, window, maxRecordBytes: maxBodyBytes, onInternal })
  })
  app.all('/checkout/batch', otherMethods('POST'))
}

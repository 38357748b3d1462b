import type { Hono } from 'hono'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import type { Admission } from '../overload/admission.ts'
import type { Waits } from '../overload/wait-limit.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'
import { type AcceptCheckout, type Accepted, mayRepeat, type Submission } from './accept-checkout.ts'
import { contentCoding, decodeBody } from './content-coding.ts'
import { refuseBrowsersEarly, refuseEarly } from './early-rejection.ts'
import type { IdempotencyWindow } from './idempotency-window.ts'
import { batchFormat } from './media-type.ts'
import { postBatch } from './post-batch.ts'
import { postCheckout } from './post-checkout.ts'
import type { SubmissionEnv } from './read-submission.ts'
import { createBodyReceiver } from './receive-body.ts'
import { assertSigned } from './request-signature.ts'

// Of batches, beside the queue's 32 MiB and the answers that are remembered, in the 512 MiB that a gateway is given.
const MOST_RECEIVING_BYTES = 64 * 1024 * 1024

interface CheckoutRoutesOptions {
  admission: Admission
  /** Throws `overloaded` when a purchase whose client has been trying since then would find no room at the publisher's. */
  checkRoom: (since: number) => void
  accept: AcceptCheckout
  window: Pick<IdempotencyWindow<Accepted>, 'hasUsed'>
  results: ResultsProxy
  waits: Waits
  maxBodyBytes: number
  maxBatchBytes: number
  bodyTimeoutMs: number
  onInternal: (error: unknown, requestId: string) => void
}

/** Takes checkouts, one or many, from those whose submission has been read. */
export function checkoutRoutes(app: Hono<SubmissionEnv>, options: CheckoutRoutesOptions): void {
  const { admission, checkRoom, accept, results, waits, onInternal } = options
  const { maxBodyBytes, maxBatchBytes, bodyTimeoutMs } = options
  const isRepetition = (submission: Submission) => mayRepeat(options.window, submission)
  const refuseUnread = refuseEarly({ admission, mayRepeat: isRepetition, checkRoom })
  const refuseBrowsers = refuseBrowsersEarly({ admission, mayRepeat: isRepetition })

  const receive = createBodyReceiver({ maxBytes: maxBodyBytes, withinMs: bodyTimeoutMs })
  app.post(
    '/checkout',
    postCheckout({ refuseUnread, refuseBrowsers, receive, maxBodyBytes, accept, results, waits }),
  )
  app.all('/checkout', otherMethods('POST'))

  const receiveBatch = createBodyReceiver({
    maxBytes: maxBatchBytes,
    withinMs: bodyTimeoutMs,
    mostTogetherBytes: MOST_RECEIVING_BYTES,
  })
  app.post('/checkout/batch', async (context) => {
    refuseUnread(context, context.get('submission'))
    const coding = contentCoding(context.req)
    const format = batchFormat(context.req)
    const received = await receiveBatch(context)
    assertSigned(context.req, received, context.get('key'))
    const body = decodeBody(received, coding, maxBatchBytes)
    return postBatch(context, { body, format }, { accept, maxRecordBytes: maxBodyBytes, onInternal })
  })
  app.all('/checkout/batch', otherMethods('POST'))
}

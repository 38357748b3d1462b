import type { MiddlewareHandler } from 'hono'
import { preferredWait } from '../../backbone/http/prefer-wait.ts'
import type { Admission, Criticality } from './admission.ts'
import type { WaitLimit } from './wait-limit.ts'

/** Counts a request as in flight until its answer begins: an open stream costs almost nothing. */
export function admit(admission: Admission, criticality: Criticality): MiddlewareHandler {
  return async (_, next) => {
    const leave = admission.enter(criticality)
    try {
      await next()
    } finally {
      leave()
    }
  }
}

/**
 * The same for reads of an outcome with `Prefer: wait`: a waiting read also costs almost nothing, up to a
 * number of them. Beyond that number reads do not wait.
 */
export function admitWaiting(admission: Admission, waits: WaitLimit): MiddlewareHandler {
  const admitRead = admit(admission, 'read')
  return async (context, next) => {
    if (preferredWait(context.req.header('prefer')) === 0) return admitRead(context, next)
    if (waits.areFull()) {
      const { url, method, signal, headers: given } = context.req.raw
      const headers = new Headers(given)
      headers.delete('prefer')
      // Not a copy of the request: if no header is left, Bun would give it all original headers.
      context.req.raw = new Request(url, { method, headers, signal })
      return admitRead(context, next)
    }
    admission.check('read')
    await waits.hold(next)
  }
}

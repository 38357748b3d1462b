import type { MiddlewareHandler } from 'hono'
import { preferredWait } from '../../backbone/http/prefer-wait.ts'
import type { Admission, Criticality } from './admission.ts'
import type { Waits } from './wait-limit.ts'

/** Holds a place until the answer begins: a stream that is open costs next to nothing. */
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
 * The same for reads of an outcome, for which one may wait: that costs next to nothing, too, while there are not too many. Of
 * more nobody waits.
 */
export function admitWaiting(admission: Admission, waits: Waits): MiddlewareHandler {
  const admitRead = admit(admission, 'read')
  return async (context, next) => {
    if (preferredWait(context.req.header('prefer')) === 0) return admitRead(context, next)
    if (waits.areFull()) {
      const { url, method, signal, headers: given } = context.req.raw
      const headers = new Headers(given)
      headers.delete('prefer')
      // Not a copy of the request: when no header is left Bun would give that all it had.
      context.req.raw = new Request(url, { method, headers, signal })
      return admitRead(context, next)
    }
    admission.check('read')
    await waits.hold(next)
  }
}

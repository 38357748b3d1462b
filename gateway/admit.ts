import type { MiddlewareHandler } from 'hono'
import { preferredWait } from '../backbone/prefer-wait.ts'
import type { Admission, Criticality } from './admission.ts'

/** Holds a place until the answer begins: a stream that is open costs next to nothing, and so does one who waits for an outcome. */
export function admit(admission: Admission, criticality: Criticality): MiddlewareHandler {
  return async (context, next) => {
    if (preferredWait(context.req.header('prefer')) > 0) {
      admission.check(criticality)
      return next()
    }
    const leave = admission.enter(criticality)
    try {
      await next()
    } finally {
      leave()
    }
  }
}

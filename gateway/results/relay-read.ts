import type { Context } from 'hono'
import type { RequestIdEnv } from '../../backbone/http/request-id.ts'
import type { TraceEnv } from '../../backbone/tracing/trace-requests.ts'
import type { ResultsProxy } from './results-proxy.ts'

/** Answers a read with what a processor answers to it. */
export const relayRead =
  (results: ResultsProxy) =>
  ({ req, var: vars }: Pick<Context<RequestIdEnv & TraceEnv>, 'req' | 'var'>): Promise<Response> =>
    results(req.raw, vars.requestId, vars.trace)

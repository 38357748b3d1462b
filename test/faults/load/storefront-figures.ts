import { createNumberColumn } from './number-column.ts'
import type { StorefrontResult } from './storefront-result.ts'

interface FailedAttempt {
  began: number
  ended: number
  gateway: number
  failure: string
}

/** Figures of a storefront during the load. */
export function createStorefrontFigures() {
  const ackAt = createNumberColumn(Float64Array)
  const ackBegan = createNumberColumn(Float64Array)
  const ackSinceDue = createNumberColumn(Float32Array)
  const ackAttempts = createNumberColumn(Uint16Array)
  const refusedAt = createNumberColumn(Float64Array)
  const refusedBegan = createNumberColumn(Float64Array)
  const refusedGateway = createNumberColumn(Uint8Array)
  const refusedFailure = createNumberColumn(Uint16Array)
  const codes = new Map<string, number>()
  let withoutRetryAfter = 0
  let resent = 0

  function codeOf(failure: string): number {
    const code = codes.get(failure) ?? codes.size
    codes.set(failure, code)
    return code
  }

  return {
    acknowledged: ({ began, ended }: { began: number; ended: number }, dueAt: number, attempts: number) => {
      ackAt.push(ended)
      ackBegan.push(began)
      ackSinceDue.push(ended - dueAt)
      ackAttempts.push(attempts)
    },
    failed({ began, ended, gateway, failure }: FailedAttempt) {
      refusedAt.push(ended)
      refusedBegan.push(began)
      refusedGateway.push(gateway)
      refusedFailure.push(codeOf(failure))
    },
    resent() {
      resent++
    },
    withoutRetryAfter() {
      withoutRetryAfter++
    },
    acknowledgedCount: ackAt.length,
    toResult: (): Pick<StorefrontResult, 'acks' | 'refused' | 'withoutRetryAfter' | 'resent'> => ({
      acks: {
        at: ackAt.toArray(),
        began: ackBegan.toArray(),
        sinceDueMs: ackSinceDue.toArray(),
        attempts: ackAttempts.toArray(),
      },
      refused: {
        at: refusedAt.toArray(),
        began: refusedBegan.toArray(),
        gateway: refusedGateway.toArray(),
        failure: refusedFailure.toArray(),
        failures: [...codes.keys()],
      },
      withoutRetryAfter,
      resent,
    }),
  }
}

export type StorefrontFigures = ReturnType<typeof createStorefrontFigures>

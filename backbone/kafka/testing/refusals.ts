import type { ClientRefusals } from '../watch-refusals.ts'

/** Of a client that Kafka refuses nothing. */
export const noRefusals: ClientRefusals = {
  authenticated: () => Promise.resolve(),
  refused: () => Promise.resolve(false),
  allowed: () => undefined,
}

import type { ClientRefusals } from '../watch-refusals.ts'

/** Of a client that Kafka refuses nothing. */
export const noRefusals: ClientRefusals = {
  admitted: () => Promise.resolve(),
  refused: () => Promise.resolve(false),
  allowed: () => undefined,
}

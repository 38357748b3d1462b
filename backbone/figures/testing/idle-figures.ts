import type { GatewayFigures, ProcessorFigures } from '../member-figures.ts'

/** Of a gateway that does nothing. */
export const idleGateway: GatewayFigures = {
  answers: {},
  latency: {},
  inFlight: 0,
  limit: 1_000,
  waiting: 0,
  unanswered: { checkouts: 0, oldestMs: 0 },
  processors: [],
}

/** Of a processor that owns nothing. */
export const idleProcessor: ProcessorFigures = {
  outcomes: {},
  repetitions: 0,
  delay: {},
  partitions: [],
  servesResults: true,
  readModelLag: 0,
  streams: 0,
}

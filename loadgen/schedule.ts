/** When each iteration is due, in ms since the start. Open model: it is fixed beforehand, whatever the target does. */
export interface Schedule {
  readonly iterations: number
  dueAt: (iteration: number) => number
}

export function constantArrivalRate(perSecond: number, durationMs: number): Schedule {
  const periods = (perSecond * durationMs) / 1000
  return {
    // A rate such as 0.1 has no exact binary form: its noise must not add an iteration at the very end.
    iterations: Math.ceil(periods - 1e-6),
    dueAt: (iteration) => (iteration * 1000) / perSecond,
  }
}

export interface Arrivals {
  requests: number
  /** Between the first and the last of them. */
  perSecond: number
}

export function createArrivalCounter() {
  let requests = 0
  let firstAt = 0
  let lastAt = 0

  return {
    count(): void {
      lastAt = performance.now()
      if (requests === 0) firstAt = lastAt
      requests++
    },
    take(): Arrivals {
      const arrivals = {
        requests,
        perSecond: requests > 1 ? (requests - 1) / ((lastAt - firstAt) / 1000) : 0,
      }
      requests = 0
      return arrivals
    },
  }
}

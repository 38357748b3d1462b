export type WaitLimit = ReturnType<typeof createWaitLimit>

/** Counts requests that wait for an outcome: each has a connection to a processor. */
export function createWaitLimit(most: number) {
  let waiting = 0
  return {
    areFull: () => waiting >= most,
    async hold<T>(wait: () => Promise<T>): Promise<T> {
      waiting++
      try {
        return await wait()
      } finally {
        waiting--
      }
    },
  }
}

/** The end of a pipe, at which its stream comes out. */
export interface Outlet {
  data(chunk: Buffer): void
  /** The sender has ended its stream (FIN). */
  end(): void
  /** The sender's connection has broken off (RST). */
  reset(): void
  /** Closes the connection when all that came out has been taken. */
  close(): void
  /** Whether the sender has to wait. */
  hold(on: boolean): void
}

/** Stands before the outlet, and decides what comes out. */
export interface Treatment {
  data(chunk: Buffer): void
  end(): void
  reset(): void
  /** Is called at the end of it. False when the stream has lost something for good. */
  lift(): boolean
}

export type Treat = (outlet: Outlet) => Treatment

export const swallow: Treat = () => {
  let intact = true
  const lose = () => {
    intact = false
  }
  return { data: lose, end: lose, reset: lose, lift: () => intact }
}

export const resetAtFirstBytes =
  (resetBoth: () => void): Treat =>
  ({ end, reset }) => ({ data: resetBoth, end, reset, lift: () => true })

export const cutAfter =
  (bytes: number): Treat =>
  ({ data, end, reset, close }) => {
    let left = bytes
    return {
      data(chunk) {
        if (left === 0) return
        const passed = chunk.subarray(0, left)
        left -= passed.length
        data(passed)
        if (left === 0) close()
      },
      end,
      reset,
      lift: () => true,
    }
  }

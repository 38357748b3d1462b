/** The output end of a pipe. */
export interface Outlet {
  data(chunk: Buffer): void
  /** The sender has ended its stream (FIN). */
  end(): void
  /** The connection of the sender was reset (RST). */
  reset(): void
  /** Closes the connection after the receiver has taken all output. */
  close(): void
  /** Whether the sender must wait. */
  hold(on: boolean): void
}

/** Sits before the outlet, and decides what is passed on. */
export interface Treatment {
  data(chunk: Buffer): void
  end(): void
  reset(): void
  /** Called at its end. False if the stream has lost data. */
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

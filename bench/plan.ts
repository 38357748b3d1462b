import type { Arrivals } from './servers/arrival-counter.ts'

export interface Plan {
  /** Duration of each load. */
  seconds: number
  rounds: number
  shuffle: <T>(things: readonly T[]) => T[]
}

export interface CountingServer {
  url: string
  takeFigures: () => Promise<Arrivals>
}

import type { Arrivals } from './servers/arrival-counter.ts'

export interface Plan {
  /** For each load. */
  seconds: number
  rounds: number
  shuffle: <T>(things: readonly T[]) => T[]
}

export interface CountingServer {
  url: string
  takeFigures: () => Promise<Arrivals>
}

import { broadcastTicks } from './broadcast-ticks.ts'
import type { MemberFigures } from './member-figures.ts'
import type { SystemModel } from './system-model.ts'

interface TickOptions {
  model: SystemModel
  /** Figures of this process: they need no topic. */
  figures: () => MemberFigures
}

const TICK_MS = 1_000

/** Makes a state once a second, and hands it to all viewers. */
export function tickModel({ model, figures }: TickOptions) {
  function tick() {
    const now = Date.now()
    model.take(figures(), now)
    return model.tick(now)
  }
  const first = tick()
  const ticks = broadcastTicks(first, model.history())
  const timer = setInterval(() => {
    const next = tick()
    ticks.publish(next, model.history())
  }, TICK_MS)
  return { ticks, stop: () => clearInterval(timer) }
}

export type TickingModel = ReturnType<typeof tickModel>

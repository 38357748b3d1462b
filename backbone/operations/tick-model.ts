import type { MemberEvent } from '../figures/member-event.ts'
import type { MemberFigures } from '../figures/member-figures.ts'
import { broadcastTicks } from './broadcast-ticks.ts'
import type { SystemModel } from './system-model.ts'
import { TICK_MS } from './watch-reception.ts'

/** What a process knows about itself without any topic. */
export interface OwnFigures {
  figures: () => MemberFigures
  /** Those since the last call. */
  takeEvents: () => MemberEvent[]
}

/** Makes a state once a second, and hands it to all viewers. */
export function tickModel(model: SystemModel, own: OwnFigures) {
  function tick() {
    const now = Date.now()
    for (const record of [...own.takeEvents(), own.figures()]) model.take(record, now)
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

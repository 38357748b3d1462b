import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { HISTORY_MS } from '../../backbone/operations/keep-points.ts'
import type { SystemModel } from '../../backbone/operations/system-model.ts'
import { TICK_MS } from '../../backbone/operations/watch-reception.ts'

/** Other work runs after so many ticks. */
const TICKS_AT_A_TIME = 100
/** The state of the system does not wait longer for a topic that is missing or refused. */
const CATCH_UP_WITHIN_MS = 10_000

/** Ticks a model through the last minutes, second by second, so that plots and verdicts begin there. */
export function replayHistory(model: Pick<SystemModel, 'tick' | 'lastTick'>) {
  const historyFrom = Date.now() - HISTORY_MS
  const ended = Promise.withResolvers<void>()
  let isReplaying = true
  let firstAt = Number.POSITIVE_INFINITY

  function end(): void {
    isReplaying = false
    clearTimeout(timer)
    ended.resolve()
  }
  const timer = setTimeout(end, CATCH_UP_WITHIN_MS)

  /** Until the end only. */
  async function advanceTo(time: number): Promise<void> {
    if (!isReplaying) return
    let ticks = 0
    // The first record may be much younger than the history could be.
    const last = Math.max(model.lastTick(), historyFrom, firstAt - TICK_MS)
    for (let at = last + TICK_MS; at <= time; at += TICK_MS) {
      if (++ticks % TICKS_AT_A_TIME === 0) await yieldToOthers()
      if (isReplaying) model.tick(at)
    }
  }

  return {
    ended: ended.promise,
    end,
    advanceTo,
    /** Call it before the model takes a record of this time. */
    async advanceToRecord(at: number): Promise<void> {
      if (at > historyFrom) firstAt = Math.min(firstAt, at)
      await advanceTo(at)
    },
  }
}

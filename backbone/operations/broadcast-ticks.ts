import type { MemberEvent } from '../figures/member-event.ts'
import { shortenState } from './shorten-state.ts'
import type { OperationsHistory, OperationsTick } from './system-state.ts'

interface Broadcast {
  number: number
  tick: OperationsTick
  state: () => string
  stateAndPoint: () => string
  frame: () => Uint8Array
  /** Before this tick. */
  history: () => string
}

/** Ticks whose events a slow viewer has missed still have them. */
const KEPT_TICKS = 60

/** The newest tick for all viewers, serialised once. Nothing is kept for a viewer that does not read. */
export function broadcastTicks(first: OperationsTick, history: OperationsHistory) {
  let latest = broadcastOf(1, first, history)
  let missable: { number: number; events: readonly MemberEvent[] }[] = []
  let next = Promise.withResolvers<void>()

  return {
    /** The history includes the tick. */
    publish(tick: OperationsTick, until: OperationsHistory): void {
      const { number } = latest
      latest = broadcastOf(number + 1, tick, until)
      missable = [...missable.slice(1 - KEPT_TICKS), { number: number + 1, events: tick.events }]
      const { resolve } = next
      next = Promise.withResolvers<void>()
      resolve()
    },

    latest: (): OperationsTick => latest.tick,
    /** The whole state, as JSON. */
    state: (): string => latest.state(),

    /** Where a viewer begins: `nextFrame` continues after it, with the newest state. */
    begin: (): { seen: number; history: string } => ({
      seen: latest.number - 1,
      history: latest.history(),
    }),

    /** The newest tick, as soon as there is one after `seen`; undefined if `ended` aborts before. */
    async nextFrame(
      seen: number,
      ended: AbortSignal,
    ): Promise<{ seen: number; frame: Uint8Array } | undefined> {
      while (!ended.aborted && latest.number <= seen) await newerOrEnd(next.promise, ended)
      if (ended.aborted) return undefined
      const { number, stateAndPoint, frame } = latest
      if (number === seen + 1) return { seen: number, frame: frame() }
      const events = missable.filter((each) => each.number > seen).flatMap((each) => each.events)
      return { seen: number, frame: stateFrame(stateAndPoint(), events) }
    },
  }
}

/** Each part is the same for all viewers, and made when the first of them needs it. */
function broadcastOf(number: number, tick: OperationsTick, { points, events }: OperationsHistory): Broadcast {
  const stateAndPoint = once(
    () => `"state":${JSON.stringify(shortenState(tick.state))},"point":${JSON.stringify(tick.point)}`,
  )
  return {
    number,
    tick,
    state: once(() => JSON.stringify(tick.state)),
    stateAndPoint,
    frame: once(() => stateFrame(stateAndPoint(), tick.events)),
    history: once(() =>
      JSON.stringify({
        points: points.slice(0, -1),
        events: events.slice(0, events.length - tick.events.length),
      } satisfies OperationsHistory),
    ),
  }
}

export type TickBroadcast = ReturnType<typeof broadcastTicks>

const stateFrame = (stateAndPoint: string, events: readonly MemberEvent[]): Uint8Array =>
  Buffer.from(`event: state\ndata: {${stateAndPoint},"events":${JSON.stringify(events)}}\n\n`)

function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | undefined
  return () => (made ??= { result: make() }).result
}

async function newerOrEnd(newer: Promise<void>, ended: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = () => resolve()
  ended.addEventListener('abort', end, { once: true })
  await Promise.race([newer, promise])
  ended.removeEventListener('abort', end)
}

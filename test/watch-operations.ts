import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationsHistory, OperationsTick, SystemState } from '../backbone/operations/system-state.ts'
import type { Verdict, VerdictCode } from '../backbone/operations/verdict.ts'
import { openEventStream } from './event-stream.ts'

/** Follows the state of the system like the page: it reconnects after each end. */
export function watchOperations(url: string, credential: Record<string, string> = {}) {
  const states: SystemState[] = []
  const events: OperationsTick['events'] = []
  const failures: string[] = []
  let histories = 0
  const stopping = new AbortController()
  let current = openEventStream(`${url}/operations/stream`, undefined, credential)

  async function read() {
    for await (const { event, data } of current.events()) {
      if (event === 'history') {
        histories++
        events.splice(0, events.length, ...(JSON.parse(data) as OperationsHistory).events)
      } else {
        const tick = JSON.parse(data) as OperationsTick
        states.push(tick.state)
        events.push(...tick.events)
      }
    }
  }

  const reading = (async () => {
    while (!stopping.signal.aborted) {
      await read().catch((error: unknown) => failures.push(String(error)))
      await sleep(100)
      if (!stopping.signal.aborted)
        current = openEventStream(`${url}/operations/stream`, undefined, credential)
    }
  })()

  const latest = () => states.at(-1)
  return {
    states,
    events,
    /** Of connections. */
    failures,
    histories: () => histories,
    latest,
    codes: (): VerdictCode[] => latest()?.verdicts.map(({ code }) => code) ?? [],
    verdict: <Code extends VerdictCode>(code: Code) =>
      latest()?.verdicts.find((verdict): verdict is Verdict & { code: Code } => verdict.code === code),
    async stop(): Promise<void> {
      stopping.abort()
      current.cut()
      await reading
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from '../deploy/child.ts'

interface Rhythm {
  frozenMs: number
  runningMs: number
}

/** Freezes processes, which keep their connections. */
export function createStopAndGo() {
  const frozen = new Set<Child>()

  function freeze(child: Child): void {
    frozen.add(child)
    if (child.pid !== undefined) process.kill(child.pid, 'SIGSTOP')
  }
  function thaw(child: Child): void {
    frozen.delete(child)
    if (child.pid !== undefined) process.kill(child.pid, 'SIGCONT')
  }

  return {
    freeze,
    thaw,
    thawAll: (): void => frozen.forEach(thaw),
    /** As a quota of processor time does. The returned function ends it. */
    throttle(child: Child, { frozenMs, runningMs }: Rhythm): () => Promise<void> {
      const closing = new AbortController()
      const throttling = (async () => {
        while (!closing.signal.aborted) {
          freeze(child)
          await sleep(frozenMs)
          thaw(child)
          await sleep(runningMs)
        }
      })()
      return async () => {
        closing.abort()
        await throttling
      }
    },
  }
}

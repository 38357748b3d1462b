import type { Child } from '../../../deploy/child.ts'

/** A process that faults happen to: a gateway, a processor or a broker. */
export interface Part {
  readonly name: string
  readonly child: Child
  /** Resolves when it serves. Rejects when it does not within a minute. */
  ready(): Promise<void>
  kill(): Promise<void>
  /** With SIGTERM: it may finish what it has in hand. */
  stop(): Promise<void>
  /** `env` is added to its environment this time. */
  start(env?: NodeJS.ProcessEnv): void
  freeze(): void
  thaw(): void
}

export interface UnexpectedEnd {
  part: string
  how: string
  at: number
}

const RESTART_AFTER_MS = 1_000

/**
 * Ends and starts a child on purpose, and starts it again, as a supervisor would, when it ended by itself: that is told
 * to `onUnexpectedEnd`.
 */
export function createPart(
  child: Child,
  ready: () => Promise<void>,
  onUnexpectedEnd: (end: UnexpectedEnd) => void,
): Part {
  let wanted = true
  child.onDeath((how) => {
    if (!wanted) return
    onUnexpectedEnd({ part: child.name, how, at: Date.now() })
    setTimeout(() => {
      if (wanted && child.pid === undefined) child.start()
    }, RESTART_AFTER_MS)
  })
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined) process.kill(child.pid, name)
  }
  const end = async (name: NodeJS.Signals) => {
    wanted = false
    await child.kill(name)
  }
  return {
    name: child.name,
    child,
    ready,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start(env) {
      wanted = true
      if (child.pid === undefined) child.start(env)
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  }
}

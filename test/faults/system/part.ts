import type { Child } from '../../../deploy/child.ts'

/** A target of faults: a gateway, a processor or a broker. */
export interface Part {
  readonly name: string
  readonly child: Child
  /** Resolves when it is ready. Rejects after a minute. */
  ready(): Promise<void>
  kill(): Promise<void>
  /** With SIGTERM: it may finish its work. */
  stop(): Promise<void>
  /** `env` is added to the environment of this start. */
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
 * Stops and starts a child on purpose. Like a supervisor, restarts it when it ended unexpectedly, and calls
 * `onUnexpectedEnd`.
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

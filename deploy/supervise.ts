import type { Child } from './child.ts'
import { createRestartPolicy } from './restart-policy.ts'

export interface Supervision {
  report: (line: string) => void
  giveUp: () => void
  /** From when on a death is nothing to mend. */
  stopping: AbortSignal
}

/** Starts the child again whenever it dies, until it does so too often. */
export function supervise(child: Child, { report, giveUp, stopping }: Supervision): void {
  const nextStart = createRestartPolicy()

  function mend(how: string) {
    if (stopping.aborted) return
    const delay = nextStart(child.startedAt, Date.now())
    if (delay === undefined) {
      report(`${child.name} died (${how}) for the fifth time within a minute, see ${child.logFile}`)
      giveUp()
      return
    }
    report(`${child.name} died (${how}), next start in ${delay / 1000} s`)
    setTimeout(() => {
      if (!stopping.aborted) child.start()
    }, delay)
  }

  child.onDeath(mend)
}

import type { Child } from './child.ts'
import { createRestartPolicy } from './restart-policy.ts'

export interface Supervision {
  report: (line: string) => void
  /** Called when the child has died too often; without it, the child is restarted without limit. */
  giveUp?: () => void
  /** Once it aborts, a death is expected. */
  stopping: AbortSignal
}

/** Restarts the child whenever it dies, with increasing delays. */
export function supervise(child: Child, { report, giveUp, stopping }: Supervision): void {
  const nextStart = createRestartPolicy()

  function restart(how: string) {
    if (stopping.aborted) return
    const { waitMs, tooOften } = nextStart(child.startedAt, Date.now())
    if (tooOften && giveUp) {
      report(`${child.name} died (${how}) for the fifth time within a minute, see ${child.logFile}`)
      giveUp()
      return
    }
    const what = tooOften ? `keeps dying (${how}), see ${child.logFile}` : `died (${how})`
    report(`${child.name} ${what}, restarting in ${waitMs / 1000} s`)
    setTimeout(() => {
      if (!stopping.aborted) child.start()
    }, waitMs)
  }

  child.onDeath(restart)
}

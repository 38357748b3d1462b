import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from './launcher-state.ts'
import type { Supervision } from './supervise.ts'

const LOOKED_AFTER_MS = 50

/** Reports that a child that died is ready again, and how long that took. */
export function reportRecovery(
  part: Pick<Part, 'child' | 'ready'>,
  { report, stopping }: Pick<Supervision, 'report' | 'stopping'>,
): void {
  const { child } = part
  let diedAt: number | undefined
  let deaths = 0

  async function watch(death: number) {
    const isOver = () => stopping.aborted || death !== deaths
    while (child.pid === undefined) {
      if (isOver()) return
      await sleep(LOOKED_AFTER_MS)
    }
    // It rejects if the child has died again: that death is reported separately.
    await part.ready().catch(() => undefined)
    if (isOver() || diedAt === undefined) return
    report(`${child.name} ready again after ${((performance.now() - diedAt) / 1_000).toFixed(1)} s`)
    diedAt = undefined
  }

  child.onDeath(() => {
    diedAt ??= performance.now()
    deaths++
    void watch(deaths)
  })
}

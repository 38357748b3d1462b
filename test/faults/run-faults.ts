import type { FaultName } from './inject/fault-names.ts'
import { hasOwnMounts } from './inject/own-mounts.ts'
import { describePlan, planFaults } from './inject/plan-faults.ts'
import type { FaultReport } from './report/fault-report.ts'
import { runSite } from './run-site.ts'
import { openTestBed } from './system/test-bed.ts'

export interface FaultRun {
  minutes: number
  seed: number
  rate: number
  faults: readonly FaultName[]
  alone: boolean
  log: (line: string) => void
  signal: AbortSignal
}

const EVERY_MS = 15_000
const SUBSCRIBERS = 20

/** One run from an empty cluster to its report. */
export async function runFaults({
  minutes,
  seed,
  rate,
  faults,
  alone,
  log,
  signal,
}: FaultRun): Promise<FaultReport> {
  const runMs = minutes * 60_000
  const plan = planFaults({ seed, names: faults, runMs, everyMs: EVERY_MS, alone })
  log(`seed ${seed}: ${rate} checkouts/s for ${minutes} min, ${plan.length} faults`)
  for (const line of describePlan(plan)) log(line)
  const bed = await openTestBed({ ownDisk: hasOwnMounts(), log })
  let keep = true
  try {
    log('starting 2 gateways and 3 processors')
    const site = await bed.startSite(`run-${seed}`)
    const report = await runSite(bed, site, {
      seed,
      rate,
      runMs,
      plan,
      subscribers: SUBSCRIBERS,
      log,
      signal,
    })
    keep = report.violations.length > 0
    return report
  } finally {
    if (keep) log(`logs, topics and ledger are in ${bed.folder}`)
    await bed.close({ keep })
  }
}

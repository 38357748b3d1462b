import { planFaults } from '../inject/plan-faults.ts'
import { formatViolations } from '../report/format-report.ts'
import { runSite } from '../run-site.ts'
import { preload } from '../system/preload.ts'
import { openTestBed } from '../system/test-bed.ts'
import type { Mutation } from './mutation-names.ts'
import { mutations } from './mutations.ts'

interface SabotageRun {
  seed: number
  mutations: Mutation[]
  log: (line: string) => void
  signal: AbortSignal
}

const LOAD = { rate: 200, runMs: 60_000, everyMs: 8_000, quietMs: 15_000, subscribers: 4 }

/** Inserts each of these defects in turn; resolves with whether each was caught. */
export async function runSabotage({ seed, mutations: names, log, signal }: SabotageRun): Promise<boolean> {
  const missed: Mutation[] = []
  for (const mutation of names) {
    if (signal.aborted || !(await isCaught(mutation, seed, log, signal))) missed.push(mutation)
  }
  log(missed.length === 0 ? `\nall ${names.length} caught` : `\nnot caught: ${missed.join(', ')}`)
  return missed.length === 0
}

async function isCaught(
  mutation: Mutation,
  seed: number,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { breaks, faults } = mutations[mutation]
  log(`\n${mutation}: must break ${breaks}`)
  const bed = await openTestBed({ ownDisk: false, log })
  try {
    const broken = { ...preload(new URL('./sabotaged.ts', import.meta.url)), MUTATION: mutation }
    const site = await bed.startSite(mutation, broken)
    const plan = planFaults({ ...LOAD, seed, names: faults })
    const { violations } = await runSite(bed, site, { ...LOAD, seed, plan, log, signal })
    const caught = violations.filter(({ invariant }) => invariant === breaks)
    for (const line of formatViolations(caught)) log(line)
    log(`${mutation}: ${caught.length > 0 ? 'caught' : 'NOT CAUGHT'}, ${violations.length} violations in all`)
    return caught.length > 0
  } finally {
    await bed.close({ keep: false })
  }
}

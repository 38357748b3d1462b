import { type AgreementRun, agreementRuns } from './agreement-runs.ts'
import { endChildrenWithThisProcess } from './children.ts'
import { ownFlags } from './flags.ts'
import { formatFindings } from './format-findings.ts'
import { type Finding, judge } from './judge-agreement.ts'
import type { StallFigures } from './servers/stalling.ts'
import { startServer } from './servers/start-server.ts'

/** Contains three complete stalls. */
const SECONDS = 30

endChildrenWithThisProcess()
ownFlags(
  'npm run bench:agreement',
  'Compares the times that the load generator and other tools report with known ones.',
  {},
)
const { loadgen, others, missing } = agreementRuns()
if (missing.length > 0) console.log(`not on PATH, skipped: ${missing.join(', ')}\n`)
console.log(`${others.length + 1} loads of ${SECONDS} s, one after another\n`)

const server = await startServer<StallFigures>('stalling.ts')

async function measure({ tool, model, theory }: AgreementRun): Promise<Finding> {
  const { requests, latency } = await tool.run(server.url, SECONDS)
  return { name: tool.name, model, requests, latency, server: await server.takeFigures(), theory }
}

const loadgenFinding = await measure(loadgen)
const otherFindings: Finding[] = []
for (const run of others) otherFindings.push(await measure(run))
console.log(formatFindings([loadgenFinding, ...otherFindings]))

const checks = judge(loadgenFinding, otherFindings)
console.log(`\n${checks.map(({ ok, text }) => `${ok ? 'pass' : 'FAIL'}: ${text}`).join('\n')}`)
process.exit(checks.every(({ ok }) => ok) ? 0 : 1)

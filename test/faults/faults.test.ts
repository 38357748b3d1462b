import { expect, onTestFinished, test } from 'vitest'
import type { FaultName, PlannedFault } from './inject/fault-names.ts'
import { formatReport } from './report/format-report.ts'
import { runSite } from './run-site.ts'
import { brokerLink, brokerNames } from './system/names.ts'
import { openTestBed } from './system/test-bed.ts'

const SECOND = 1_000
const RATE = 200
const RUN_MS = 56 * SECOND

const linksFrom = (client: string) => brokerNames.map((broker) => brokerLink(client, broker))
const fault = (name: FaultName, targets: string[], at: number, lasts: number): PlannedFault => ({
  name,
  targets,
  at: at * SECOND,
  lastsMs: lasts * SECOND,
  chance: 0.5,
})

/** The most significant ones; `npm run faults` has all of them, for longer, and at a higher rate. */
const plan = [
  fault('kill-gateway', ['gateway-1'], 3, 1),
  // Longer than a session: when it resumes, it believes that it still owns its partitions.
  fault('freeze-processor', ['processor-1'], 8, 9),
  fault('kill-broker', ['kafka-2'], 20, 3),
  fault('reset-answers', linksFrom('gateway-2'), 20, 5),
  fault('kill-processor', ['processor-2'], 33, 1),
  fault('lost-answers', linksFrom('processor-3'), 33, 5),
  fault('delete-view', ['processor-3'], 44, 1),
]

test('nothing is lost or duplicated, whatever is killed, frozen or isolated', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  console.log(`seed ${seed}`)
  const bed = await openTestBed({ ownDisk: false, log: console.log })
  onTestFinished(() => bed.close({ keep: false }))
  const site = await bed.startSite('short')
  const report = await runSite(bed, site, {
    seed,
    rate: RATE,
    runMs: RUN_MS,
    plan,
    subscribers: 6,
    log: console.log,
    signal: new AbortController().signal,
  })
  console.log(formatReport(report))
  expect(report.violations).toEqual([])
  expect(report.counts.acknowledged).toBe(report.counts.sent)
  expect(report.counts.acknowledged).toBeGreaterThan(0.9 * RATE * (RUN_MS / SECOND))
  // Without these it would have proved little.
  expect(report.counts.repetitions).toBeGreaterThan(0)
  expect(report.counts.resumed).toBeGreaterThan(0)
  expect(report.counts.deadLetters).toBeGreaterThan(0)
  expect(report.faults.map(({ name }) => name).toSorted()).toEqual(plan.map(({ name }) => name).toSorted())
}, 400_000)

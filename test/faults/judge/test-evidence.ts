import { createDataIndex } from './data-index.ts'
import { createDeadLetterIndex } from './dead-letter-index.ts'
import type { Evidence } from './judge.ts'
import { createLedgerIndex } from './ledger-index.ts'
import type { LoggedRecord } from './logged-record.ts'
import { createOutcomeIndex } from './outcome-index.ts'
import { testPartitions, testTopics } from './test-decisions.ts'
import { createWorld, type World } from './test-world.ts'
import type { Violation } from './violation.ts'

/** The evidence of a run in which `breakIt` has put one defect. */
export function evidenceAfter(breakIt: (world: World) => void): Evidence {
  const world = createWorld()
  breakIt(world)
  return evidenceOf(world)
}

export const reported = (violations: Violation[]) =>
  violations.map(({ what, eventIds }) => [what, ...eventIds])

/** The evidence after the judge has read it. */
export function evidenceOf(world: World): Evidence {
  const data = createDataIndex(testTopics.data, testPartitions)
  const notifications = createOutcomeIndex(testTopics.notifications)
  const reclassified = createOutcomeIndex('reclassified')
  const deadLetters = createDeadLetterIndex(testTopics.deadLetter)
  const followUps = createOutcomeIndex(testTopics.followUp)
  const ledger = createLedgerIndex()
  world.data.forEach(data.add)
  world.notifications.forEach(notifications.add)
  world.reclassified.forEach(reclassified.add)
  world.deadLetters.forEach(deadLetters.add)
  world.followUps.forEach(followUps.add)
  world.ledger.forEach(ledger.add)
  return {
    dataTopic: testTopics.data,
    ledger: ledger.ledger,
    data: data.log,
    outcomes: notifications.outcomes,
    reclassified: reclassified.outcomes,
    deadLetters: deadLetters.log,
    followUps: followUps.outcomes,
    streams: [{ subscriber: 7, partitions: seenOf(world.streamed), gaps: world.gaps }],
  }
}

function seenOf(watched: LoggedRecord[]) {
  const watchable = watched.filter(({ value }) => /"kind":"(quick|slow)"/.test(value))
  const byPartition = Map.groupBy(watchable, ({ partition }) => partition)
  return new Map(
    [...byPartition].map(([partition, records]) => [
      partition,
      {
        offsets: Int32Array.from(records, ({ value }) => Number(/"offset":(\d+)\}\}$/.exec(value)?.[1])),
        hashes: Uint32Array.from(records, ({ value }) => Bun.hash.xxHash32(value)),
      },
    ]),
  )
}

import pino from 'pino'
import { expect, test, vi } from 'vitest'
import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import { createAssignment } from './assignment.ts'
import type { OutcomeCommitter } from './commit-outcomes.ts'
import { createOwnershipTable, type Ownership } from './ownership.ts'

const DAY_MS = 24 * 3_600_000

function setUp() {
  const table = createOwnershipTable({ onBegin: () => undefined, onRelease: () => undefined })
  const takeOver = vi.fn(async (_: unknown, partition: number) => void table.begin(partition))
  const assignment = createAssignment({
    sessionTimeoutMs: 6_000,
    longestClaimMs: DAY_MS,
    table,
    takeOver,
    lastHeard: () => 0,
    log: pino({ level: 'silent' }),
  })
  const own = (partition: number, state: Partial<Ownership>) =>
    Object.assign(table.begin(partition), { committer: {} as OutcomeCommitter }, state)
  const consumer = { pause: vi.fn() } as Partial<PartitionConsumer> as PartitionConsumer
  const claimedAgain = () => {
    takeOver.mockClear()
    assignment.renewOldClaims(consumer)
    return takeOver.mock.calls.map(([, partition]) => partition)
  }
  return { own, claimedAgain }
}

test('claims are renewed once a day, but not during a transaction, and not without outcomes', () => {
  const { own, claimedAgain } = setUp()
  const old = Date.now() - DAY_MS - 1
  own(0, { claimedAt: old, idleSince: 1 })
  own(1, { claimedAt: Date.now() - DAY_MS + 60_000, idleSince: 1 })
  own(2, { claimedAt: old, idleSince: undefined })
  own(3, { claimedAt: old, idleSince: 1, committer: undefined as never })
  expect(claimedAgain()).toEqual([0])
  expect(claimedAgain()).toEqual([])
})

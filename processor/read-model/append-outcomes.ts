import type { createEventFilter } from './bloom-filter.ts'
import type { Claims } from './claims.ts'
import type { FollowedPartitions } from './followed-partitions.ts'
import type { LogChanges, OutcomeBatch, OutcomeStore } from './outcome-store.ts'
import { emptyPartition, type OutcomeRecord } from './record.ts'
import type { createWaiters } from './waiters.ts'
import type { createFileWriterThread } from './writer-client.ts'

interface AppendOptions {
  partitions: FollowedPartitions
  claims: Claims
  events: Pick<ReturnType<typeof createEventFilter>, 'add' | 'cut' | 'forget'>
  writer: Pick<ReturnType<typeof createFileWriterThread>, 'add' | 'forget'>
  waiters: Pick<ReturnType<typeof createWaiters>, 'wake' | 'wakeFor'>
  onAppend: (partition: number, batch: OutcomeBatch) => void
}

const NOTHING = { records: 0, bytes: 0 }
const RECORDS_BEFORE_WAKING_ALL = 1_000

/** The write side: every change is in memory immediately, and is sent to the file later. */
export function createOutcomeAppends({
  partitions,
  claims,
  events,
  writer,
  waiters,
  onAppend,
}: AppendOptions): Pick<OutcomeStore, 'append'> & Omit<LogChanges, 'at'> {
  // The first outcomes of a recreated log may still have the log id of the previous one.
  const formerLogs = new Map<number, Set<string>>()
  let logsForgotten = 0
  let appendedSinceAllWoke = 0

  /** Streams of one customer must not lag far behind, either: they would resume from their offsets. */
  function wakeFor(records: readonly OutcomeRecord[]) {
    appendedSinceAllWoke += records.length
    if (appendedSinceAllWoke < RECORDS_BEFORE_WAKING_ALL) {
      return waiters.wakeFor(records.values().map(({ customer }) => customer))
    }
    appendedSinceAllWoke = 0
    waiters.wake()
  }

  return {
    append(partition, batch) {
      const { records, claims: added = [], next, resume, log, copied } = batch
      const state = partitions.state(partition)
      onAppend(partition, batch)
      partitions.tail(partition).push(records)
      for (const { eventHash, offset } of records) events.add(eventHash, partition, offset)
      for (const claim of added) claims.add(claim)
      Object.assign(state, { next, resume, log: formerLogs.get(partition)?.has(log) ? '' : log })
      if (copied) state.copied = copied
      const room = writer.add(partition, state, records, added)
      wakeFor(records)
      return room
    },

    cut(partition, first) {
      const state = partitions.state(partition)
      if (first <= state.first) return
      Object.assign(state, { first, next: Math.max(first, state.next) })
      partitions.tail(partition).drop(first, NOTHING)
      claims.cut(partition, first)
      events.cut((of) => partitions.state(of).first)
      waiters.wake()
      void writer.add(partition, state, [])
    },

    forget(partition) {
      logsForgotten++
      const state = partitions.state(partition)
      partitions.tail(partition).drop(Number.POSITIVE_INFINITY, NOTHING)
      formerLogs.set(partition, (formerLogs.get(partition) ?? new Set()).add(state.log))
      Object.assign(state, emptyPartition())
      claims.forget(partition)
      events.forget(partition)
      writer.forget(partition, state)
      waiters.wake()
    },

    isAnotherLog(partition, log) {
      const followed = partitions.state(partition).log
      return followed !== '' && log !== followed && !formerLogs.get(partition)?.has(log)
    },

    logsForgotten: () => logsForgotten,
  }
}

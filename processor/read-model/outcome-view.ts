import { setImmediate } from 'node:timers/promises'
import { type OutcomeKind, outcomeKinds } from '../../backbone/records/outcome.ts'
import { createEventFilter } from './bloom-filter.ts'
import { mergePartitions, type Page } from './merge-partitions.ts'
import { createOutcomeTail } from './outcome-tail.ts'
import { createViewReader, type EventPlace } from './reader.ts'
import {
  emptyPartition,
  type FoundOutcome,
  offsetOf,
  type PartitionState,
  partitionOf,
  type ServedRecord,
  type ViewFilter,
  type ViewRecord,
} from './record.ts'
import { prepareViewFile } from './schema.ts'
import { createWaiters } from './waiters.ts'
import { createViewWriterThread } from './writer-client.ts'

/** What a batch of Notifications adds to one partition of the view. */
export interface Followed {
  records: ViewRecord[]
  next: number
  resume: number | undefined
  log: string
}

interface ViewOptions {
  path: string
  partitions: number
  /** Newest records of each partition that stay in memory although they are in the file, unless they are large. */
  keepInMemory?: number
  /** The file can no longer be trusted or written. */
  onFailure: (error: unknown) => void
}

// Of all partitions together: at the usual size of an outcome the number of records comes first.
const KEEP_BYTES = 32 * 1024 * 1024
const EVENTS_PER_READ = 10_000
const NOTHING = { records: 0, bytes: 0 }
const ALL_KINDS: ReadonlySet<OutcomeKind> = new Set(outcomeKinds)
const PASSED_OVER_BEFORE_WAKING = 1_000

/**
 * This member's copy of Notifications: outcomes by event, by customer and in order. Its file is a cache that may be lost
 * at any time. Records are seen as soon as they are appended; the file follows in large transactions on another thread.
 */
export function openView({ path, partitions, keepInMemory = 1_000, onFailure }: ViewOptions) {
  const reader = createViewReader(prepareViewFile(path))
  const known = reader.partitions()
  const states = Array.from({ length: partitions }, (_, p) => known.get(p) ?? emptyPartition())
  const tails = Array.from({ length: partitions }, createOutcomeTail)
  // The first outcomes of a log made anew may still carry the identity of the one before it.
  const formerLogs = Array.from({ length: partitions }, () => new Set<string>())
  const kept = { records: keepInMemory, bytes: KEEP_BYTES / partitions }
  const waiters = createWaiters()
  const writer = createViewWriterThread(path, { onWritten: trimTails, onFailure })
  const seen = createEventFilter()
  let logsMadeAnew = 0
  let untoldToAll = 0
  let closed = false
  // What goes wrong there has been told.
  addWhatIsInTheFile().catch(() => undefined)

  /** A little at a time: of millions it would keep everyone else waiting. */
  async function addWhatIsInTheFile(): Promise<void> {
    let last: EventPlace | undefined = { event: -1, position: -1 }
    while (last) {
      const after: EventPlace = last
      const places: EventPlace[] = inFile(() => reader.events(after, EVENTS_PER_READ))
      for (const { event, position } of places) seen.add(event, partitionOf(position), offsetOf(position))
      last = places.length < EVENTS_PER_READ ? undefined : places.at(-1)
      await setImmediate()
    }
    seen.complete()
  }

  /** Damage further in shows only when it is read, and would show again each time. */
  function inFile<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (!closed) onFailure(error)
      throw error
    }
  }

  /** Who waits for one customer must not lag too far behind, either: where they stand is where they would resume. */
  function wakeFor(records: readonly ViewRecord[]) {
    untoldToAll += records.length
    if (untoldToAll < PASSED_OVER_BEFORE_WAKING) {
      return waiters.wakeFor(records.values().map(({ customer }) => customer))
    }
    untoldToAll = 0
    waiters.wake()
  }

  function trimTails(written: ReadonlyMap<number, PartitionState>) {
    for (const [partition, { next, log }] of written) {
      if (log === stateOf(partition).log) tailOf(partition).drop(next, kept)
    }
  }

  /** What retention has cut is there until the partition's next writes. */
  const isKept = (partition: number, offset: number) => offset >= stateOf(partition).first

  function find(eventId: string): FoundOutcome | undefined {
    const unwritten = writer.find(eventId)
    if (unwritten && isKept(unwritten.partition, unwritten.offset)) return unwritten
    if (!seen.mayHave(eventId)) return undefined
    return inFile(() =>
      reader.find(eventId, (partition, offset) => isKept(partition, offset) && !writer.forgetting(partition)),
    )
  }

  function stateOf(partition: number): PartitionState {
    const state = states[partition]
    if (!state) throw new RangeError(`there is no partition ${partition}`)
    return state
  }

  function tailOf(partition: number) {
    const tail = tails[partition]
    if (!tail) throw new RangeError(`there is no partition ${partition}`)
    return tail
  }

  function readPartition(partition: number, from: number, limit: number, filter: ViewFilter) {
    if (partition >= partitions) return { records: [], next: from, end: true }
    const { next: end, first } = stateOf(partition)
    const tail = tailOf(partition)
    // Until the file has forgotten a log that was made anew, all of the new one is in memory.
    const tailStart = writer.forgetting(partition) ? 0 : (tail.firstOffset() ?? end)
    const start = Math.max(from, first)
    if (start >= end) return { records: [], next: from, end: true }
    const read =
      start >= tailStart
        ? tail.read(start, end, filter, limit)
        : inFile(() => reader.read(partition, start, tailStart, filter, limit))
    return { ...read, end: read.next >= end }
  }

  const hasBeyond = (offsets: readonly number[]): boolean =>
    states.some(({ next }, partition) => next > (offsets[partition] ?? 0))

  return {
    /** Resolves when there is room for more: at once, unless the file is far behind. */
    append(partition: number, { records, next, resume, log }: Followed): Promise<void> {
      const state = stateOf(partition)
      tailOf(partition).push(records)
      for (const { eventHash, offset } of records) seen.add(eventHash, partition, offset)
      Object.assign(state, { next, resume, log: formerLogs[partition]?.has(log) ? '' : log })
      const room = writer.add(partition, state, records)
      wakeFor(records)
      return room
    },

    /** What stood before `first` is no longer in the log. */
    cut(partition: number, first: number): void {
      const state = stateOf(partition)
      if (first <= state.first) return
      Object.assign(state, { first, next: Math.max(first, state.next) })
      tailOf(partition).drop(first, NOTHING)
      seen.cut((of) => stateOf(of).first)
      waiters.wake()
      void writer.add(partition, state, [])
    },

    /** The partition's log was made anew: nothing that is known of it holds any more. */
    forget(partition: number): void {
      logsMadeAnew++
      tailOf(partition).drop(Number.POSITIVE_INFINITY, NOTHING)
      formerLogs[partition]?.add(stateOf(partition).log)
      Object.assign(stateOf(partition), emptyPartition())
      seen.forget(partition)
      writer.forget(partition, stateOf(partition))
      waiters.wake()
    },

    /** Whether records of this log cannot stand in the one that the view has followed so far. */
    isAnotherLog(partition: number, log: string): boolean {
      const followed = stateOf(partition).log
      return followed !== '' && log !== followed && !formerLogs[partition]?.has(log)
    },

    /** How often a partition's log was forgotten: offsets mean the same for as long as this stays the same. */
    logsMadeAnew: (): number => logsMadeAnew,

    partition: (partition: number): Readonly<PartitionState> => stateOf(partition),
    partitions: (): readonly Readonly<PartitionState>[] => states,

    /** An event's outcome. */
    find,

    /** The outcome that stands at this very offset. */
    at(partition: number, offset: number): ServedRecord | undefined {
      const [record] = readPartition(partition, offset, 1, { kinds: ALL_KINDS }).records
      return record?.offset === offset ? record : undefined
    },

    /** Waits for an event's outcome to be followed, up to `timeoutMs` or until one of `signals` aborts. */
    async findWithin(
      eventId: string,
      timeoutMs: number,
      ...signals: AbortSignal[]
    ): Promise<FoundOutcome | undefined> {
      const outcome = find(eventId)
      if (outcome || timeoutMs === 0) return outcome
      return waiters.until(() => writer.find(eventId), timeoutMs, signals)
    },

    /** Waits until everything before `offset` has been followed; false when `signal` aborted first or time ran out. */
    async reached(
      partition: number,
      offset: number,
      timeoutMs: number,
      signal: AbortSignal,
    ): Promise<boolean> {
      const probe = () => (stateOf(partition).next >= offset ? true : undefined)
      return (await waiters.until(probe, timeoutMs, [signal])) ?? false
    },

    /** Whether something stands at or after one of these offsets. */
    hasBeyond,

    /**
     * Waits until something stands at or after one of these offsets, up to `timeoutMs`. With a `customer`, until it may be
     * theirs: what is others' shows only after a while.
     */
    async beyond(
      offsets: readonly number[],
      timeoutMs: number,
      signal: AbortSignal,
      customer?: string,
    ): Promise<void> {
      await waiters.until(() => hasBeyond(offsets) || undefined, timeoutMs, [signal], customer)
    },

    /** Matching outcomes from these offsets on, by partition. Short of `limit` without being at the `end`: ask again from `next`. */
    after(offsets: readonly number[], filter: ViewFilter, limit: number): Page {
      return mergePartitions(
        (partition, from, size) => readPartition(partition, from, size, filter),
        offsets,
        limit,
      )
    },

    async close(): Promise<void> {
      await writer.close()
      closed = true
      reader.close()
    },
  }
}

export type OutcomeView = ReturnType<typeof openView>

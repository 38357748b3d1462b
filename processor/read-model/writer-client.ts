import { Worker } from 'node:worker_threads'
import { buffersOf, packRecords } from './packed-records.ts'
import type { ClaimRecord, OutcomeRecord, PartitionState } from './record.ts'
import type { FileWrite } from './writer.ts'

const RECORDS_PER_WRITE = 2_500
const WRITE_AFTER_MS = 500
const MAX_UNWRITTEN = 5_000
// Five times as many outcomes of the usual size fit into this: only large ones reach this limit first.
const MAX_UNWRITTEN_BYTES = 16 * 1024 * 1024

interface WriterEvents {
  /** Everything before `next` of these partitions is in the file. */
  onWritten: (states: ReadonlyMap<number, PartitionState>) => void
  onFailure: (error: unknown) => void
}

/** The content of the next transaction; its events are found here until it is written. */
function createWriteBatch() {
  const records: OutcomeRecord[] = []
  let claims: ClaimRecord[] = []
  const byEvent = new Map<string, OutcomeRecord>()
  const states = new Map<number, PartitionState>()
  const forgotten = new Set<number>()
  let bytes = 0

  function keep(added: readonly OutcomeRecord[]) {
    for (const record of added) {
      records.push(record)
      byEvent.set(record.eventId, record)
      bytes += record.json.length
    }
  }

  return {
    add(partition: number, state: PartitionState, added: OutcomeRecord[], claimed: ClaimRecord[]) {
      keep(added)
      claims.push(...claimed)
      states.set(partition, { ...state })
    },

    drop(partition: number) {
      const others = records.filter((record) => record.partition !== partition)
      records.length = 0
      bytes = 0
      byEvent.clear()
      states.delete(partition)
      claims = claims.filter((claim) => claim.partition !== partition)
      keep(others)
    },

    forget(partition: number, state: PartitionState) {
      this.drop(partition)
      forgotten.add(partition)
      states.set(partition, { ...state })
    },

    isWorthAWrite: () => records.length >= RECORDS_PER_WRITE || bytes >= MAX_UNWRITTEN_BYTES / 2,
    isTooMuch: () => records.length > MAX_UNWRITTEN || bytes > MAX_UNWRITTEN_BYTES,
    isEmpty: () => states.size === 0,
    states: (): ReadonlyMap<number, PartitionState> => states,
    forgets: (partition: number) => forgotten.has(partition),
    find: (eventId: string): OutcomeRecord | undefined => byEvent.get(eventId),
    message: (): FileWrite => ({
      records: packRecords(records),
      claims,
      partitions: [...states],
      forget: [...forgotten],
    }),
  }
}

/** Sends records to the writer thread: in large transactions, one at a time, with a limited backlog. */
export function createFileWriterThread(path: string, { onWritten, onFailure }: WriterEvents) {
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: path })
  let collecting = createWriteBatch()
  let inHand:
    | { batch: ReturnType<typeof createWriteBatch>; done: () => void; written: Promise<void> }
    | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  thread.on('error', onFailure)
  thread.on('message', () => {
    const written = inHand
    inHand = undefined
    if (!written) return
    onWritten(written.batch.states())
    written.done()
    schedule()
  })

  function schedule() {
    if (inHand || collecting.isEmpty()) return
    if (collecting.isWorthAWrite()) write()
    else timer ??= setTimeout(write, WRITE_AFTER_MS)
  }

  function write() {
    clearTimeout(timer)
    timer = undefined
    if (inHand || collecting.isEmpty()) return
    const { promise, resolve } = Promise.withResolvers<void>()
    inHand = { batch: collecting, done: resolve, written: promise }
    collecting = createWriteBatch()
    const message = inHand.batch.message()
    thread.postMessage(message, buffersOf(message.records))
  }

  return {
    /** Resolves when there is room for more. */
    async add(
      partition: number,
      state: PartitionState,
      added: OutcomeRecord[],
      claimed: ClaimRecord[] = [],
    ): Promise<void> {
      collecting.add(partition, state, added, claimed)
      schedule()
      if (collecting.isTooMuch()) await inHand?.written
    },

    forget(partition: number, state: PartitionState): void {
      inHand?.batch.drop(partition)
      collecting.forget(partition, state)
      schedule()
    },

    /** An outcome that may not be in the file yet. */
    find: (eventId: string): OutcomeRecord | undefined =>
      collecting.find(eventId) ?? inHand?.batch.find(eventId),

    /** The log of this partition was forgotten, but its previous records are still in the file. */
    forgetting: (partition: number): boolean =>
      collecting.forgets(partition) || (inHand?.batch.forgets(partition) ?? false),

    async close(): Promise<void> {
      await inHand?.written
      write()
      await inHand?.written
      const ended = new Promise((resolve) => thread.once('exit', resolve))
      thread.postMessage('close')
      await ended
    },
  }
}

import { Worker } from 'node:worker_threads'
import type { PartitionState, ViewRecord } from './view-record.ts'
import type { ViewWrite } from './view-writer.ts'

const RECORDS_PER_WRITE = 10_000
const WRITE_AFTER_MS = 500
const MAX_UNWRITTEN = 50_000

interface WriterEvents {
  /** Everything before `next` of these partitions is in the file. */
  onWritten: (states: ReadonlyMap<number, PartitionState>) => void
  onFailure: (error: unknown) => void
}

/** Hands what is followed to the writer's thread: large transactions, one at a time, and no more waiting than is bounded. */
export function createViewWriterThread(path: string, { onWritten, onFailure }: WriterEvents) {
  const thread = new Worker(new URL('./view-writer-thread.ts', import.meta.url), { workerData: path })
  let records: ViewRecord[] = []
  let states = new Map<number, PartitionState>()
  let forgotten = new Set<number>()
  let inHand: { states: Map<number, PartitionState>; done: () => void; written: Promise<void> } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  thread.on('error', onFailure)
  thread.on('message', () => {
    const written = inHand
    inHand = undefined
    if (!written) return
    onWritten(written.states)
    written.done()
    schedule()
  })

  function schedule() {
    if (inHand || states.size === 0) return
    if (records.length >= RECORDS_PER_WRITE) write()
    else timer ??= setTimeout(write, WRITE_AFTER_MS)
  }

  function write() {
    clearTimeout(timer)
    timer = undefined
    if (inHand || states.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    inHand = { states, done: resolve, written: promise }
    const message: ViewWrite = { records, partitions: [...states], forget: [...forgotten] }
    records = []
    states = new Map()
    forgotten = new Set()
    thread.postMessage(message)
  }

  return {
    async add(partition: number, state: PartitionState, added: ViewRecord[]): Promise<void> {
      for (const record of added) records.push(record)
      states.set(partition, { ...state })
      schedule()
      if (records.length > MAX_UNWRITTEN) await inHand?.written
    },

    forget(partition: number, state: PartitionState): void {
      records = records.filter((record) => record.partition !== partition)
      forgotten.add(partition)
      states.set(partition, { ...state })
      schedule()
    },

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

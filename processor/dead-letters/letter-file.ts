import type { SQLInputValue } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import type { DeadLetterReason } from '../../backbone/records/dead-letter.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { offsetOf, partitionOf, positionOf } from '../read-model/record.ts'
import { packLetters } from './packed-letters.ts'
import type { DataTopic } from './read-dead-letter.ts'
import type { DeadLetterFacts, DeadLetterPlace, DeadLetterRow, ListedDeadLetter } from './record.ts'
import { prepareDeadLetterFile } from './schema.ts'
import type { LetterWrite } from './writer.ts'

export interface LetterFilter {
  owner?: string | undefined
  reasons?: readonly DeadLetterReason[] | undefined
  /** Bounds of the time at which it became a dead letter: at or after `since`, before `until`. */
  since?: number | undefined
  until?: number | undefined
}

export interface LetterFile {
  /** Resolves when the records can be read, so that no more than one batch of a partition is in memory. */
  append(partition: number, records: readonly StoredRecord[]): Promise<void>
  /** Everything before `first` is no longer in the topic. */
  cut(partition: number, first: number): Promise<void>
  /** The last record of a partition. */
  last(partition: number): (DeadLetterPlace & { fullId: string }) | undefined
  /** The newest first, from `before` on. */
  list(filter: LetterFilter, before: DeadLetterPlace | undefined, limit: number): ListedDeadLetter[]
  /** By its full id, or by its id if no other one has the same. */
  find(id: string): (ListedDeadLetter & DeadLetterRow) | undefined
  /** The full ids of those with this id. */
  fullIds(id: string): string[]
  /** Without waiting for the writing thread, which may have failed. */
  abandon(): void
  close(): Promise<void>
}

interface FileOptions {
  path: string
  data: () => DataTopic
  onFailure: (error: unknown) => void
}

interface Row {
  position: number
  id: string
  full_id: string
  is_shared: number
  owner: string
  reason: DeadLetterReason
  at: number
  size: number
  detail: string
  facts: string
}

const ENTRY = `position, id, full_id, owner, reason, at, size, detail, facts,
  EXISTS (SELECT 1 FROM dead_letters other WHERE other.id = dead_letters.id AND other.position <> dead_letters.position)
  AS is_shared`
/** More than anybody needs to see. */
const MOST_FULL_IDS = 10

/** The file of the dead letters: read here, written by another thread. */
export function openLetterFile({ path, data, onFailure }: FileOptions): LetterFile {
  const database = prepareDeadLetterFile(path, (opened) => opened)
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: { path } })
  const waiting: PromiseWithResolvers<void>[] = []
  thread.on('message', () => waiting.shift()?.resolve())
  thread.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error)
    onFailure(error)
  })

  function send(write: LetterWrite, transfer: ArrayBuffer[] = []): Promise<void> {
    const written = Promise.withResolvers<void>()
    waiting.push(written)
    thread.postMessage(write, transfer)
    return written.promise
  }

  const findLast = database.prepare(
    `SELECT ${ENTRY} FROM dead_letters WHERE position >= ? AND position < ? ORDER BY position DESC LIMIT 1`,
  )
  const findByFullId = database.prepare(`SELECT ${ENTRY}, key, value FROM dead_letters WHERE full_id = ?`)
  const fullIdsOf = database.prepare(
    `SELECT full_id FROM dead_letters WHERE id = ? ORDER BY full_id LIMIT ${MOST_FULL_IDS}`,
  )
  const fullIds = (id: string) => fullIdsOf.all(id).map(({ full_id }) => String(full_id))

  return {
    append(partition, records) {
      if (records.length === 0) return Promise.resolve()
      const packed = packLetters(records)
      return send({ is: 'append', partition, packed, data: data() }, [packed.bytes.buffer as ArrayBuffer])
    },
    cut: (partition, first) => send({ is: 'cut', partition, first }),

    last(partition) {
      const row = findLast.get(positionOf(partition, 0), positionOf(partition + 1, 0))
      return row && toEntry(row as unknown as Row)
    },

    list(filter, before, limit) {
      const { where, values } = conditions(filter, before)
      const rows = database
        .prepare(
          `SELECT ${ENTRY} FROM dead_letters WHERE ${where} ORDER BY at DESC, position DESC LIMIT ${limit}`,
        )
        .all(...values)
      return rows.map((row) => toEntry(row as unknown as Row))
    },

    find(id) {
      const [only, other] = fullIds(id)
      const row = findByFullId.get(other === undefined ? (only ?? id) : id) as unknown as
        | (Row & Pick<DeadLetterRow, 'key' | 'value'>)
        | undefined
      return row && { ...toEntry(row), key: row.key, value: row.value }
    },

    fullIds,

    abandon() {
      void thread.terminate()
      database.close()
      for (const { reject } of waiting.splice(0)) reject(new Error('the file of the dead letters failed'))
    },

    async close() {
      const ended = new Promise((resolve) => thread.once('exit', resolve))
      thread.postMessage('close')
      await ended
      database.close()
    },
  }
}

const toEntry = ({
  position,
  id,
  full_id: fullId,
  is_shared: shared,
  owner,
  reason,
  at,
  size,
  detail,
  facts,
}: Row): ListedDeadLetter => ({
  partition: partitionOf(position),
  offset: offsetOf(position),
  id,
  fullId,
  isShared: shared === 1,
  owner,
  reason,
  at,
  size,
  detail,
  facts: JSON.parse(facts) as DeadLetterFacts,
})

function conditions({ owner, reasons, since, until }: LetterFilter, before: DeadLetterPlace | undefined) {
  const where: string[] = ['at >= ?']
  const values: SQLInputValue[] = [since ?? 0]
  if (until !== undefined) {
    where.push('at < ?')
    values.push(until)
  }
  if (owner !== undefined) {
    where.push('owner = ?')
    values.push(owner)
  }
  if (reasons !== undefined) {
    where.push(`reason IN (${reasons.map(() => '?').join(', ')})`)
    values.push(...reasons)
  }
  if (before !== undefined) {
    where.push('(at, position) < (?, ?)')
    values.push(before.at, positionOf(before.partition, before.offset))
  }
  return { where: where.join(' AND '), values }
}

import { openCacheFile, transaction } from '../read-model/cache-file.ts'
import { offsetOf, positionOf } from '../read-model/record.ts'
import { type PackedLetters, unpackLetters } from './packed-letters.ts'
import { type DataTopic, readDeadLetter } from './read-dead-letter.ts'

export type LetterWrite =
  | { is: 'append'; partition: number; packed: PackedLetters; data: DataTopic }
  /** Everything before `first` is no longer in the topic. */
  | { is: 'cut'; partition: number; first: number }

// Retention removes a whole segment at once: in one transaction, that would keep appends waiting.
const CUT_AT_ONCE = 5_000

/** Writes to the file of the dead letters. */
export function createLetterWriter(path: string) {
  const database = openCacheFile(path)
  database.exec('PRAGMA synchronous = NORMAL')
  // A record that was decided on twice has one id: the later copy is kept for longer.
  const insert = database.prepare(
    'INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const removeSome = database.prepare(
    `DELETE FROM dead_letters WHERE position IN
     (SELECT position FROM dead_letters WHERE position >= ? AND position < ? LIMIT ${CUT_AT_ONCE})`,
  )

  function append({ partition, packed, data }: Extract<LetterWrite, { is: 'append' }>) {
    transaction(database, () => {
      for (const record of unpackLetters(packed)) {
        const { offset, id, fullId, owner, reason, at, size, detail, facts, key, value } = readDeadLetter(
          partition,
          record,
          data,
        )
        const position = positionOf(partition, offset)
        insert.run(position, id, fullId, owner, reason, at, size, detail, JSON.stringify(facts), key, value)
      }
    })
  }

  function cut(partition: number, first: number) {
    const [from, until] = [positionOf(partition, 0), positionOf(partition, first)]
    while (Number(removeSome.run(from, until).changes) === CUT_AT_ONCE);
  }

  return {
    write(write: LetterWrite): void {
      if (write.is === 'append') append(write)
      else cut(write.partition, write.first)
    },
    close: () => database.close(),
  }
}

/** Above every offset: cutting here removes the whole partition. */
export const BEYOND_ALL_OFFSETS = offsetOf(positionOf(1, 0) - 1)

import type { PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import type { keepLetterFile } from './keep-letter-file.ts'
import { type DataTopic, readDeadLetter } from './read-dead-letter.ts'
import type { DeadLetterPlace } from './record.ts'

interface Position {
  /** Where the consumer reads on. */
  next: number
  /** The last record of the file, which is read again first: another one shows that the topic was recreated. */
  known?: (DeadLetterPlace & { fullId: string }) | undefined
  /** Where a batch began that was too far ahead. */
  jumpedTo?: number
}

interface PositionsOptions {
  partitions: number
  data: () => DataTopic
  file: Pick<ReturnType<typeof keepLetterFile>, 'isOpen' | 'use'>
  /** Of the consumer that has joined, if any. */
  consumer: () => Pick<PartitionConsumer, 'seek'> | undefined
  /** Offset of the oldest record of a partition, now. */
  firstOffset: (partition: number) => Promise<number>
}

/** Where each partition of the dead-letter topic is read on, and whether its log is still the one of the file. */
export function createLetterPositions({ partitions, data, file, consumer, firstOffset }: PositionsOptions) {
  const positions = Array.from({ length: partitions }, (): Position => ({ next: 0 }))
  const positionOf = (partition: number): Position => positions[partition] ?? { next: 0 }

  /** To the last record of the file; a consumer that joins later does the same. */
  function seek(partition: number): void {
    const known = file.isOpen() ? file.use((open) => open.last(partition)) : undefined
    const next = known?.offset ?? 0
    positions[partition] = { next, known }
    consumer()?.seek(partition, next)
  }

  return {
    seek,

    seekAll(): void {
      for (const partition of positions.keys()) seek(partition)
    },

    next: (partition: number): number => positionOf(partition).next,

    /** kafkajs moves silently from a position that a former leader does not know: the first jump is undone. */
    isNewJump({ partition, firstOffset: offset }: RecordBatch): boolean {
      const position = positionOf(partition)
      if (offset <= position.next || position.jumpedTo === offset) return false
      position.jumpedTo = offset
      return true
    },

    /** Whether the record that was last stored is not, or not any more, where it was. */
    async isAnotherLog({ partition, firstOffset: offset, records }: RecordBatch): Promise<boolean> {
      const { next, known } = positionOf(partition)
      if (offset < next) return true
      if (known === undefined) return false
      if (offset > known.offset) return (await firstOffset(partition)) <= known.offset
      const [first] = records
      if (first === undefined) return true
      const letter = readDeadLetter(partition, first, data())
      return letter.offset !== known.offset || letter.at !== known.at || letter.fullId !== known.fullId
    },

    /** The records of a batch that the file does not have. */
    unstored({ partition, records }: RecordBatch): RecordBatch['records'] {
      const { known } = positionOf(partition)
      return records.filter(({ offset }) => Number(offset) > (known?.offset ?? -1))
    },

    stored({ partition, lastOffset }: RecordBatch): void {
      positions[partition] = { next: lastOffset + 1 }
    },

    /** A batch has only markers. */
    skip({
      partition,
      firstOffset: offset,
      lastOffset,
    }: Pick<RecordBatch, 'partition' | 'firstOffset' | 'lastOffset'>) {
      const position = positionOf(partition)
      if (position.known === undefined && offset <= position.next) {
        position.next = Math.max(position.next, lastOffset + 1)
      }
    },
  }
}

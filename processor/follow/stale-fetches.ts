import type { KafkaMessage } from 'kafkajs'
import type { LogChanges } from '../read-model/outcome-store.ts'
import { createDoubts } from './doubts.ts'

// Longer than a broker that was frozen takes to learn that it leads nothing any more, and to be asked nothing more.
export const STILL_LATE_MS = 10_000
// Whoever reads on meets what was put back again at once.
const SAME_AGAIN_MS = 5_000

/**
 * Tells a late answer from a log that was made anew: both begin before where a partition was read to. kafkajs 2.2.4 may have
 * asked two brokers for a partition when its leader moved, and then gets from one of them, once it has thawed, what it has
 * read from the other; or that one knows of less, and kafkajs begins from the start. It is the log that the read model has
 * followed as long as nothing in it differs. Where it never comes to more than that, the log was put back.
 */
export function createLateAnswers(readModel: Pick<LogChanges, 'at'>) {
  const doubts = createDoubts(SAME_AGAIN_MS)

  const differs = (partition: number, { offset, value }: KafkaMessage): boolean => {
    const known = readModel.at(partition, Number(offset))
    return known !== undefined && (value === null || !value.equals(known.json))
  }

  return {
    /** Of messages the first of which stands before where the partition was read to. */
    areLate(partition: number, messages: readonly KafkaMessage[]): boolean {
      if (doubts.again(partition) > STILL_LATE_MS) return false
      return !messages.some((message) => differs(partition, message))
    },

    /** The partition is read on. */
    areOver(partition: number): void {
      doubts.end(partition)
    },
  }
}

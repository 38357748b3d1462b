import type { Consumer } from 'kafkajs'
import { createLanePriority } from './lane-priority.ts'

interface LanePausesOptions {
  /** Of DataTopic. */
  topic: string
  homePartitions: number
  /** Longest that a partition of browsers waits while one of buyers lags. */
  longestWaitMs: number
  /** Undefined while there is none. */
  consumer: () => Consumer | undefined
}

const CHECK_MS = 100

/** Pauses partitions of browsers while buyers lag, by {@link createLanePriority}. */
export function createLanePauses({ topic, homePartitions, longestWaitMs, consumer }: LanePausesOptions) {
  const priority = createLanePriority({ homePartitions, longestWaitMs })
  const waiting = new Set<number>()

  function endWaits() {
    for (const partition of waiting) {
      if (!priority.mayGoOn(partition)) continue
      waiting.delete(partition)
      consumer()?.resume([{ topic, partitions: [partition] }])
    }
  }
  const timer = setInterval(endWaits, CHECK_MS)

  return {
    observe: (partition: number, lag: number): void => priority.observe(partition, lag),
    mustWait: (partition: number): boolean => priority.mustWait(partition),

    /** What was fetched and is not decided on comes again afterwards. */
    wait(partition: number): void {
      waiting.add(partition)
      consumer()?.pause([{ topic, partitions: [partition] }])
    },

    forget(partition: number): void {
      waiting.delete(partition)
      priority.forget(partition)
    },

    stop: () => clearInterval(timer),
  }
}

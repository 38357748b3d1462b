import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import { createLanePriority } from './lane-priority.ts'

interface LanePausesOptions {
  homePartitions: () => number
  /** Longest pause of a partition of visits while one of purchases lags. */
  longestWaitMs: number
  /** Undefined while there is none. */
  consumer: () => Pick<PartitionConsumer, 'pause' | 'resume'> | undefined
}

const CHECK_MS = 100

/** Pauses partitions of visits while purchases lag, by {@link createLanePriority}. */
export function createLanePauses({ homePartitions, longestWaitMs, consumer }: LanePausesOptions) {
  const priority = createLanePriority({ homePartitions, longestWaitMs })
  const paused = new Set<number>()

  function endPauses() {
    for (const partition of paused) {
      if (!priority.mayResume(partition)) continue
      paused.delete(partition)
      consumer()?.resume(partition)
    }
  }
  const timer = setInterval(endPauses, CHECK_MS)

  return {
    observe: (partition: number, lag: number): void => priority.observe(partition, lag),
    mustPause: (partition: number): boolean => priority.mustPause(partition),

    /** Records that were fetched and have no decision yet are fetched again afterwards. */
    pause(partition: number): void {
      paused.add(partition)
      consumer()?.pause(partition)
    },

    forget(partition: number): void {
      paused.delete(partition)
      priority.forget(partition)
    },

    stop: () => clearInterval(timer),
  }
}

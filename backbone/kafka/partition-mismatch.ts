import type { CountsNow, TopicSettings } from './topics.ts'

interface Mismatch {
  topics: Pick<TopicSettings, 'DATA_TOPIC' | 'NOTIFICATIONS_TOPIC'>
  counts: CountsNow
  /** Partitions of DataTopic that this process has worked with since it started. */
  used: number
  /** Those that it would work with if it were restarted. */
  expected: number
  /** The number that a change of the layout leads to, while one is under way. */
  changingTo: number | undefined
}

/**
 * The fault of the partition counts and what to do, or undefined when there is none. The outcome of a record in partition
 * p goes to partition p of Notifications, so a partition that only DataTopic has cannot be classified.
 */
export function partitionMismatch(mismatch: Mismatch): string | undefined {
  const { topics, counts, used, expected, changingTo } = mismatch
  const { DATA_TOPIC: data, NOTIFICATIONS_TOPIC: notifications } = topics
  const found = `${data} has ${counts.data} partitions, ${notifications} has ${counts.notifications}`
  // It adds partitions to one topic after the other.
  if (
    counts.notifications !== undefined &&
    counts.notifications !== counts.data &&
    changingTo !== undefined
  ) {
    return (
      `${found}: a change to ${changingTo} partitions is under way. ` +
      `If it was interrupted, continue it: npm run partitions -- --to ${changingTo}`
    )
  }
  if (counts.notifications !== undefined && counts.data > counts.notifications) {
    return (
      `${found}: records in ${rangeOf(counts.notifications, counts.data)} of ${data} are kept but not classified. ` +
      `Add partitions to ${notifications} until it has ${counts.data}, then restart the processors one by one`
    )
  }
  if (counts.notifications !== undefined && counts.data < counts.notifications) {
    return (
      `${found}: both must have the same number. ` +
      `Add partitions to ${data} until it has ${counts.notifications}, then restart the processors one by one`
    )
  }
  if (used !== expected) {
    return (
      `${data} has ${counts.data} partitions, this process works with ${used}, as when it started: ` +
      'restart it to work with all of them'
    )
  }
  return undefined
}

const rangeOf = (first: number, end: number): string =>
  first === end - 1 ? `partition ${first}` : `partitions ${first} to ${end - 1}`
